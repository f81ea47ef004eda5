import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { FaultCode } from '../../../functions/fault';
import { type Location, showLocation } from '../../files/location';
import { asFailure, Failure } from '../../terminal/failure';

/** What was done about one upload. `refused`: nothing, the function would not take it. */
export type Step = { key: string; versionId: string; refused?: FaultCode };

/** What a backfill began with. `startedAt`: by the clock of OSS; `letters`: in the dead-letter queue, where that is known. */
export type Beginning = { place: string; startedAt: string; letters: number | undefined };

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

/** In the current folder, the same for the same place. */
export function defaultFile(place: Location): string {
  const hash = createHash('sha256').update(showLocation(place)).digest('hex').slice(0, 8);
  const name = place.key.replace(/[^\w.-]+/g, '_').slice(0, 40);
  return `backfill-${name ? `${name}-` : ''}${hash}.jsonl`;
}

/** Goes on with `file`, or begins it with what `begin` says. Throws `config-wrong` where it is another's. */
export async function openJournal(
  file: string,
  place: Location,
  begin: () => Promise<Omit<Beginning, 'place'>>,
): Promise<Journal> {
  const known = await readEarlier(file, showLocation(place));
  const beginning = known?.beginning ?? { place: showLocation(place), ...(await begin()) };
  const failed = (error: unknown) => {
    throw asFailure(error, { doing: `write ${file}` });
  };
  const handle = await open(file, known ? 'r+' : 'w', 0o600).catch(failed);
  let at = known?.end ?? 0;
  const write = async (json: object) => {
    const line = Buffer.from(`${JSON.stringify(json)}\n`);
    await writeAll(handle, line, at).catch(failed);
    at += line.length;
  };
  // What follows is a line that was being written when the run before this one was killed.
  await handle.truncate(at);
  if (!known) await write(beginning);
  return {
    file,
    beginning,
    lastKey: known?.lastKey,
    write,
    steps: () => steps(file),
    close: () => handle.close(),
    remove: () => rm(file, { force: true }),
  };
}

async function writeAll(handle: FileHandle, line: Buffer, at: number): Promise<void> {
  for (let done = 0; done < line.length; ) {
    done += (await handle.write(line, done, line.length - done, at + done)).bytesWritten;
  }
}

type Earlier = { beginning: Beginning; lastKey: string | undefined; end: number };

/** Undefined where there is no file, or an empty one. */
async function readEarlier(file: string, place: string): Promise<Earlier | undefined> {
  let earlier: Earlier | undefined;
  for await (const { json, end } of lines(file)) {
    if (earlier) earlier = { ...earlier, lastKey: (json as Step).key, end };
    else if ((json as Beginning | undefined)?.place !== place) throw foreign(file, place);
    else earlier = { beginning: json as Beginning, lastKey: undefined, end };
  }
  return earlier;
}

async function* steps(file: string): AsyncGenerator<Step> {
  let isFirst = true;
  for await (const { json } of lines(file)) {
    if (!isFirst) yield json as Step;
    isFirst = false;
  }
}

/** The whole lines of a file, and where each ends, in bytes; of a first line also what is none. */
async function* lines(file: string): AsyncGenerator<{ json: unknown; end: number }> {
  let [rest, end] = [Buffer.alloc(0), 0];
  try {
    for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
      rest = Buffer.concat([rest, piece]);
      for (let feed = rest.indexOf(0x0a); feed >= 0; feed = rest.indexOf(0x0a)) {
        end += feed + 1;
        yield { json: parsed(rest.toString('utf8', 0, feed)), end };
        rest = rest.subarray(feed + 1);
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw asFailure(error, { doing: `read ${file}` });
  }
  if (end === 0 && rest.length > 0) yield { json: undefined, end };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function foreign(file: string, place: string): Failure {
  return new Failure(
    'config-wrong',
    `Cannot go on with ${file}: it is not the state of a backfill of ${place}`,
    {
      left: `${file} and every upload`,
      todo: 'give another file with --state, or remove this one',
    },
  );
}
