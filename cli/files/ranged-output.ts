import { type FileHandle, unlink } from 'node:fs/promises';
import { crc64 } from '../../functions/cloud/crc64';
import type { Range } from '../../functions/envelope/layout';
import { humanBytes } from '../terminal/human';
import { holdAlone } from './alone';
import { checkTarget, isNamed, otherThanWritten, publish, type Tell, unwritable } from './output';
import { type Begun, namesFor, type Run, takeUp } from './partial';
import { whileRunning } from './while-running';

/**
 * A file in the making that outlives its process: its bytes, and beside it what is noted of them, under names that the
 * same command finds again. Nothing is under the final name before all of it is what was noted.
 */
export type RangedOutput = {
  /** What was noted beside runs, also by earlier processes, the oldest first. */
  facts: object[];
  note(fact: object): Promise<void>;
  /** By where they begin. Those of an earlier process are there as far as the bytes still are what it noted. */
  runs: ReadonlyMap<number, Run>;
  /** Notes a run that was written. */
  hold(run: Run): Promise<void>;
  write(position: number, bytes: Buffer): Promise<void>;
  /** Gives it its final name; nothing of it is left beside it. Throws `file-exists`, `file-changed`. */
  publish(): Promise<void>;
  /** Leaves it for a later run. `bytes`: how many will not be fetched again; where none, it goes. Returns what is left, in words. */
  keep(bytes: number): Promise<string>;
  /** Removes it. Returns what is left, in words. */
  discard(): Promise<string>;
};

export type RangedFile = Begun & {
  path: string;
  /** Replaces a file that is there. */
  force: boolean;
  /** Hears what of that could not be kept. */
  tell: Tell;
};

const PIECE = 1_048_576;

/** Ends with Ctrl-C. Throws `in-use`, `file-exists`, `file-unwritable`, `disk-full`. */
export async function beginRanged(
  { path, force, tell, ...begun }: RangedFile,
  interrupted: AbortSignal,
): Promise<RangedOutput> {
  const failed = unwritable(`write ${path}`);
  const target = await checkTarget(path, force);
  const names = namesFor(target, begun);
  const release = await holdAlone(names.own, `write ${path}`);
  const { file, notes, runs, facts } = await takeUp(names, begun).catch(async (error) => {
    await release();
    return failed(error);
  });
  const close = async () => {
    await file.close();
    await notes.close();
    await release();
  };
  const isOurs = async () => (await isNamed(file, names.file)) && (await isNamed(notes, names.notes));
  const note = async (fact: object) => {
    await notes.appendFile(`${JSON.stringify(fact)}\n`).catch(failed);
    facts.push(fact);
  };
  const discard = async () => {
    if (await isNamed(file, names.file)) await unlink(names.file).catch(() => {});
    if (await isNamed(notes, names.notes)) await unlink(names.notes).catch(() => {});
    await close();
    return `${path} is as it was, and nothing of this run is left`;
  };
  const output: RangedOutput = {
    facts,
    note,
    runs,
    async hold({ from, to, checksum }) {
      await note({ from, to, checksum: String(checksum) });
      runs.set(from, { from, to, checksum });
    },
    write: (position, bytes) => writeAt(file, position, bytes).catch(failed),
    async publish() {
      await file.sync().catch(failed);
      await dropOthers(file, runs, interrupted);
      const bytes = reach(runs);
      if (bytes !== begun.bytes) throw otherThanWritten(path, names.file);
      await publish(file, { path, partial: names.file, target, force, bytes, tell });
      await discard();
    },
    async keep(bytes) {
      if (bytes === 0 || !(await isOurs())) return discard();
      await close();
      return `${path} is as it was; ${humanBytes(bytes)} wait in ${names.file} for the same command`;
    },
    discard,
  };
  await dropOthers(file, runs, interrupted).catch(async (error) => {
    await close();
    throw error;
  });
  return output;
}

/** Those that follow one another from the first byte on. */
export function connected(runs: RangedOutput['runs']): Run[] {
  const found: Run[] = [];
  for (let run = runs.get(0); run && run.to > run.from; run = runs.get(run.to)) found.push(run);
  return found;
}

/** Where those end. */
export function reach(runs: RangedOutput['runs']): number {
  return connected(runs).at(-1)?.to ?? 0;
}

/** Runs whose bytes are others than were noted, or are not there. */
async function dropOthers(file: FileHandle, runs: Map<number, Run>, interrupted: AbortSignal): Promise<void> {
  for (const run of runs.values()) {
    const sum = crc64();
    for await (const piece of whileRunning(interrupted, readFrom(file, run))) sum.update(piece);
    if (sum.value() !== run.checksum) runs.delete(run.from);
  }
}

async function writeAt(file: FileHandle, position: number, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
}

async function* readFrom(file: FileHandle, { from, to }: Range): AsyncGenerator<Buffer> {
  for (let at = from; at < to; ) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, to - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}
