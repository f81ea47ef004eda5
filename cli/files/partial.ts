import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Range } from '../../functions/envelope/layout';
import { Failure } from '../terminal/failure';
import { hiddenBeside } from './hidden-beside';

/** What a file in the making is of. */
export type Begun = {
  /** What is asked for: what was left of the same with other content is thrown away. */
  asked: unknown;
  /** What the content is; an earlier run goes on only where it was the same. No secrets. */
  content: object;
  /** Of the whole. */
  bytes: number;
};

/** Bytes that were written as a whole: where, and their CRC-64. */
export type Run = Range & { checksum: bigint };

/** A file in the making, and the notes beside it. */
export type Partial = {
  file: FileHandle;
  notes: FileHandle;
  /** Noted, and not looked at yet. By where they begin. */
  runs: Map<number, Run>;
  /** What else was noted, the oldest first. */
  facts: object[];
};

/** `own`: of what is asked for, whatever the answer. */
export type Names = { own: string; file: string; notes: string };

export function namesFor(target: string, { asked, content }: Begun): Names {
  const own = `${hiddenBeside(target)}${digest([basename(target), asked])}-`;
  const whole = `${own}${digest(content)}`;
  return { own, file: `${whole}.partial`, notes: `${whole}.notes` };
}

function digest(json: unknown): string {
  return createHash('sha256').update(JSON.stringify(json)).digest('hex').slice(0, 12);
}

/** What an earlier run left of the same, or new ones; what it left of another answer goes. Throws `file-unwritable`. */
export async function takeUp(names: Names, { bytes, ...begun }: Begun): Promise<Partial> {
  await removeOthers(names);
  const [file, notes] = [await createOwn(names.file), await createOwn(names.notes, constants.O_APPEND)];
  const first = JSON.stringify(begun);
  const lines = await wholeLines(notes);
  if (file && notes && lines[0] === first) {
    if ((await file.stat()).size > bytes) await file.truncate(bytes);
    return { file, notes, ...readNotes(lines.slice(1), bytes) };
  }
  await file?.close();
  await notes?.close();
  const anew = { file: await create(names.file), notes: await create(names.notes, constants.O_APPEND) };
  await anew.notes.appendFile(`${first}\n`);
  return { ...anew, runs: new Map(), facts: [] };
}

async function removeOthers({ own, file, notes }: Names): Promise<void> {
  const folder = dirname(own);
  for (const one of (await readdir(folder)).map((name) => join(folder, name))) {
    const isOther = one.startsWith(own) && /\.(partial|notes)$/.test(one) && one !== file && one !== notes;
    if (isOther) await unlink(one).catch(() => {});
  }
}

/** As `create` has made it. Undefined where nothing is there, a link to elsewhere, or what somebody else can have open. */
async function createOwn(path: string, append = 0): Promise<FileHandle | undefined> {
  const flags = constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK | append;
  const file = await open(path, flags).catch(() => undefined);
  const stat = await file?.stat();
  if (stat?.isFile() && stat.nlink === 1 && stat.uid === (process.geteuid?.() ?? stat.uid)) return file;
  await file?.close();
  return undefined;
}

async function create(path: string, append = 0): Promise<FileHandle> {
  await unlink(path).catch(() => {});
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | append;
  return open(path, flags, 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new Failure('file-unwritable', `Cannot write ${path}: what is there cannot be removed`, {
      todo: 'remove it yourself',
    });
  });
}

/** A line that was cut off, by the end of a process, is none. */
async function wholeLines(notes: FileHandle | undefined): Promise<string[]> {
  if (!notes) return [];
  const bytes = await notes.readFile();
  const end = bytes.lastIndexOf('\n') + 1;
  await notes.truncate(end);
  return bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
}

function readNotes(lines: string[], bytes: number): Pick<Partial, 'runs' | 'facts'> {
  const facts = lines.map(parsed).filter((fact) => fact !== undefined);
  const runs = facts.map((fact) => runIn(fact, bytes)).filter((run) => run !== undefined);
  return { facts, runs: new Map(runs.map((run) => [run.from, run])) };
}

function parsed(line: string): object | undefined {
  try {
    const json: unknown = JSON.parse(line);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

function runIn(fact: object, bytes: number): Run | undefined {
  const { from, to, checksum } = fact as { from?: unknown; to?: unknown; checksum?: unknown };
  const isRange =
    Number.isSafeInteger(from) && Number.isSafeInteger(to) && /^\d{1,20}$/.test(String(checksum));
  const run = { from: Number(from), to: Number(to) };
  const isInside = isRange && 0 <= run.from && run.from <= run.to && run.to <= bytes;
  return isInside ? { ...run, checksum: BigInt(String(checksum)) } : undefined;
}
