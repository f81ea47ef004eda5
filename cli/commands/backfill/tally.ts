import type { Output } from '../../terminal/output';

/** How far a backfill is: a line on a terminal, nothing anywhere else. */
export type Tally = { step(): void; waiting(count: number): void; end(): void };

/** It is drawn anew at most so often, in ms. */
const PAUSE = 100;

export function createTally(
  { isJson }: Pick<Output, 'isJson'>,
  out: NodeJS.WriteStream = process.stderr,
): Tally {
  let [steps, drawn] = [0, 0];
  const draw = (text: string) => void (out.isTTY && !isJson && out.write(`\r\x1b[K${text}`));
  return {
    step() {
      steps++;
      if (performance.now() - drawn < PAUSE) return;
      drawn = performance.now();
      draw(`  ${steps} listed`);
    },
    waiting: (count) => draw(`  ${steps} listed, ${count} wait to be sealed`),
    end: () => draw(''),
  };
}
