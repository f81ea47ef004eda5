import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { appendFile, type FileHandle, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Range } from '../../functions/envelope/layout';
import { humanBytes } from '../terminal/human';
import { checkTarget, name, unwritable } from './output';

/**
 * A file in the making that outlives its process: its bytes, and beside it what is noted of them, under names that the
 * same command finds again. Nothing is under the final name before it is published.
 */
export type RangedOutput = {
  /** What was noted so far, also by earlier runs, the oldest first. */
  notes: object[];
  note(fact: object): Promise<void>;
  /** Up to the furthest byte that was written. */
  size(): Promise<number>;
  write(position: number, bytes: Buffer): Promise<void>;
  read(range: Range): AsyncGenerator<Buffer>;
  /** Returns when what was written is on the disk. */
  settle(): Promise<void>;
  /** Gives it its final name; nothing of it is left beside it. Throws `file-exists`. */
  publish(): Promise<void>;
  /** Leaves it for a later run. `bytes`: how many will not be fetched again; where none, it goes. Returns what is left, in words. */
  keep(bytes: number): Promise<string>;
  /** Removes it. Returns what is left, in words. */
  discard(): Promise<string>;
};

export type RangedFile = {
  path: string;
  /** Replaces a file that is there. */
  force: boolean;
  /** What is asked for: what was left of the same with other content is thrown away. */
  asked: string;
  /** What the content is; an earlier run goes on only where it was the same. Noted first; no secrets. */
  content: object;
};

const PIECE = 1_048_576;

/** Throws `file-exists`, `file-unwritable`, `disk-full`. */
export async function openRanged({ path, force, asked, content }: RangedFile): Promise<RangedOutput> {
  const failed = unwritable(`write ${path}`);
  const target = await checkTarget(path, force);
  const names = namesFor(target, asked, JSON.stringify(content));
  await removeOthers(names).catch(failed);
  const file = await open(names.partial, constants.O_RDWR | constants.O_CREAT, 0o600).catch(failed);
  const notes = await readNotes(names.notes);
  const note = async (fact: object) => {
    await appendFile(names.notes, `${JSON.stringify(fact)}\n`, { mode: 0o600 }).catch(failed);
    notes.push(fact);
  };
  if (notes.length === 0) {
    // Bytes of which nothing is known.
    await file.truncate().catch(failed);
    await note(content);
  }
  const remove = async () => {
    await file.close();
    await rm(names.partial, { force: true });
    await rm(names.notes, { force: true });
  };
  const discard = async () => {
    await remove();
    return `${path} is as it was, and nothing of this run is left`;
  };
  return {
    notes,
    note,
    size: async () => (await file.stat()).size,
    write: (position, bytes) => writeAt(file, position, bytes).catch(failed),
    read: (range) => readFrom(file, range),
    settle: () => file.datasync().catch(failed),
    async publish() {
      await file.sync().catch(failed);
      await (force ? rename(names.partial, target) : name(names.partial, target)).catch(failed);
      await remove();
    },
    async keep(bytes) {
      if (bytes === 0) return discard();
      await file.close();
      return `${path} is as it was; ${humanBytes(bytes)} wait in ${names.partial} for the same command`;
    },
    discard,
  };
}

type Names = { folder: string; prefix: string; partial: string; notes: string };

/** File systems take names of 255 bytes. */
const NAME_MAX = 60;

function namesFor(path: string, asked: string, content: string): Names {
  const prefix = `.${basename(path).slice(0, NAME_MAX)}.${digest(asked)}-`;
  const whole = join(dirname(path), `${prefix}${digest(content)}`);
  return { folder: dirname(path), prefix, partial: `${whole}.partial`, notes: `${whole}.notes` };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** What earlier runs left of the same question, where the answer is another now. */
async function removeOthers({ folder, prefix, partial, notes }: Names): Promise<void> {
  const own = [basename(partial), basename(notes)];
  for (const one of await readdir(folder)) {
    const isOther = one.startsWith(prefix) && /\.(partial|notes)$/.test(one) && !own.includes(one);
    if (isOther) await rm(join(folder, one), { force: true });
  }
}

/** A line that was cut off, by the end of a process, is no note. */
async function readNotes(path: string): Promise<object[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap(parsed);
}

function parsed(line: string): object[] {
  try {
    return [JSON.parse(line) as object];
  } catch {
    return [];
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
