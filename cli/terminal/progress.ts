import { humanBytes, humanSpeed } from './human';

const WIDTH = 24;
/** A bar is drawn anew at most so often, in milliseconds. */
const PAUSE = 100;

/** A line about work on `total` bytes: a bar while it lasts (on a terminal), one sentence at its end. */
export type Progress = { moved(bytes: number): void; done(): void };

export function progress(label: string, total: number, out: NodeJS.WriteStream = process.stdout): Progress {
  const started = performance.now();
  let [moved, drawn] = [0, started - PAUSE];
  const draw = () => {
    const filled = Math.min(WIDTH, total === 0 ? WIDTH : Math.round((moved / total) * WIDTH));
    out.write(
      `\r  ${label.padEnd(10)} ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${humanBytes(moved)}  `,
    );
  };
  return {
    moved(bytes) {
      moved = Math.min(total, moved + bytes);
      if (!out.isTTY || performance.now() - drawn < PAUSE) return;
      drawn = performance.now();
      draw();
    },
    done() {
      const clear = out.isTTY ? '\r\x1b[K' : '';
      out.write(`${clear}  ${label.padEnd(10)} ${humanSpeed(total, performance.now() - started)}\n`);
    },
  };
}
