import { createHash } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { holdAlone } from '../../files/alone';
import type { Location } from '../../files/location';
import { unwritable } from '../../files/output';
import { asFailure } from '../../terminal/failure';
import {
  type Backfilled,
  type Beginning,
  type Earlier,
  foreign,
  lines,
  readEarlier,
  type Step,
} from './earlier';

/**
 * What a backfill has done so far, in the order of keys: a line of JSON for each upload, written once Function Compute has
 * accepted it. Killed in the middle, it has done at most `--parallel` uploads more than it says, which does no harm.
 */
export type Journal = {
  file: string;
  beginning: Beginning;
  /** The last key of an earlier run. */
  lastKey: string | undefined;
  write(step: Step): Promise<void>;
  /** All steps, from the first; holds one in memory. */
  steps(): AsyncGenerator<Step>;
  close(): Promise<void>;
  /** There is nothing to go on with. */
  remove(): Promise<void>;
};

/** Where the state lies, and whether it is that of an earlier version. */
export type StateFile = { file: string; isOld: boolean };

/**
 * The same for the same backfill, in XDG_STATE_HOME/oss-envelope or ~/.local/state/oss-envelope; earlier versions kept it in the
 * current folder, and one that is there is gone on with. `data`: of a local cloud. Throws `file-unwritable`.
 */
export async function stateFile(
  place: Location,
  what: Backfilled,
  data: string | undefined,
): Promise<StateFile> {
  const old = nameFor(place, what.place);
  if (existsSync(old)) return { file: old, isOld: true };
  const { XDG_STATE_HOME: given = '' } = process.env;
  const folder = join(isAbsolute(given) ? given : join(homedir(), '.local/state'), 'oss-envelope');
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(unwritable(`make the folder ${folder}`));
  const whose = data === undefined ? what : { ...what, data: resolve(data) };
  return { file: join(folder, nameFor(place, JSON.stringify(whose))), isOld: false };
}

function nameFor(place: Location, of: string): string {
  const hash = createHash('sha256').update(of).digest('hex').slice(0, 8);
  const name = place.key.replace(/[^\w.-]+/g, '_').slice(0, 40);
  return `backfill-${name ? `${name}-` : ''}${hash}.jsonl`;
}

/**
 * Goes on with `file`, or begins it with what `begin` says; for this process alone. Throws `config-wrong` where it is another's,
 * `in-use`.
 */
export async function resumeJournal(
  file: string,
  what: Backfilled,
  begin: () => Promise<Omit<Beginning, keyof Backfilled>>,
): Promise<Journal> {
  const release = await holdAlone(file, `write ${file}`);
  try {
    const journal = (await goOn(file, what)) ?? (await beginAnew(file, { ...what, ...(await begin()) }));
    return { ...journal, close: () => journal.close().finally(release) };
  } catch (error) {
    await release();
    throw asFailure(error, { doing: `write ${file}` });
  }
}

/** Undefined where there is no file, or one in which no beginning was written to its end. */
async function goOn(file: string, what: Backfilled): Promise<Journal | undefined> {
  const handle = await open(file, constants.O_RDWR | constants.O_NONBLOCK).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (!handle) return undefined;
  try {
    if (!(await handle.stat()).isFile()) throw foreign(file, 'it is no file');
    const earlier = await readEarlier(handle, { file, what });
    if (earlier) return await journalIn(handle, file, earlier);
    await handle.close();
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function beginAnew(file: string, beginning: Beginning): Promise<Journal> {
  const handle = await open(file, 'w+', 0o600);
  const journal = await journalIn(handle, file, { beginning, lastKey: undefined, end: 0 });
  await journal.write(beginning);
  return journal;
}

async function journalIn(handle: FileHandle, file: string, { beginning, lastKey, end }: Earlier) {
  // What follows is a line that was being written when the run before this one was killed.
  await handle.truncate(end);
  let at = end;
  return {
    file,
    beginning,
    lastKey,
    async write(json: object) {
      const line = Buffer.from(`${JSON.stringify(json)}\n`);
      await writeAll(handle, line, at).catch((error) => {
        throw asFailure(error, { doing: `write ${file}` });
      });
      at += line.length;
    },
    async *steps() {
      for await (const { number, json } of lines(handle)) if (number > 1) yield json as Step;
    },
    close: () => handle.close(),
    remove: () => rm(file, { force: true }),
  };
}

async function writeAll(handle: FileHandle, line: Buffer, at: number): Promise<void> {
  for (let done = 0; done < line.length; ) {
    done += (await handle.write(line, done, line.length - done, at + done)).bytesWritten;
  }
}
