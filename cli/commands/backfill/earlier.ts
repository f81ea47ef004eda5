import type { FileHandle } from 'node:fs/promises';
import type { FaultCode } from '../../../functions/fault';
import { compareKeys } from '../../cloud/holdings';
import { readLocation } from '../../files/location';
import { Failure } from '../../terminal/failure';

/** What was done about one upload. `refused`: nothing, the function would not take it. */
export type Step = { key: string; versionId: string; refused?: FaultCode };

/** What is backfilled: buckets of one name are many, but for the account, its region and the deployment. */
export type Backfilled = { place: string; account: string; region: string; deployment: string };

/** What a backfill began with. `startedAt`: by the clock of OSS; `letters`: in the dead-letter queue, where that is known. */
export type Beginning = Backfilled & { startedAt: string; letters?: number | undefined };

/** `end`: of its last whole line, in bytes. */
export type Earlier = { beginning: Beginning; lastKey: string | undefined; end: number };

const PIECE = 65_536;

type Known = { file: string; what: Backfilled };

/** Undefined where not even the beginning is whole. */
export async function readEarlier(handle: FileHandle, { file, what }: Known): Promise<Earlier | undefined> {
  let earlier: Earlier | undefined;
  for await (const { number, json, end } of lines(handle)) {
    if (!earlier) earlier = { beginning: beginningIn(json, { file, what }), lastKey: undefined, end };
    else earlier = { ...earlier, lastKey: keyIn(json, earlier, { file, number }), end };
  }
  return earlier ?? checkTorn(handle, { file, what });
}

/** A beginning that was cut off by the end of a process is none; whatever else the file holds stays there. */
async function checkTorn(handle: FileHandle, { file, what: { place } }: Known): Promise<undefined> {
  const start = JSON.stringify({ place }).slice(0, -1);
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(start.length), 0, start.length, 0);
  if (!Buffer.from(start).subarray(0, bytesRead).equals(buffer.subarray(0, bytesRead)))
    throw foreign(file, 'it is not the state of a backfill');
}

function beginningIn(json: unknown, { file, what }: Known): Beginning {
  const found = (json ?? {}) as Partial<Beginning>;
  const names = ['place', 'account', 'region', 'deployment'] as const;
  const isSame = names.every((name) => found[name] === what[name]);
  if (isSame && !Number.isNaN(Date.parse(String(found.startedAt)))) return found as Beginning;
  throw foreign(
    file,
    `it is not the state of a backfill of ${what.place} in this account, region and deployment`,
  );
}

/** Steps stand in the order of keys, under the prefix. */
function keyIn(
  json: unknown,
  { beginning, lastKey }: Earlier,
  { file, number }: { file: string; number: number },
): string {
  const { key, versionId } = (json ?? {}) as Partial<Step>;
  const prefix = readLocation(beginning.place).key;
  const isStep = typeof key === 'string' && typeof versionId === 'string' && key.startsWith(prefix);
  if (isStep && (lastKey === undefined || compareKeys(lastKey, key) < 0)) return key;
  throw foreign(file, `line ${number} is no upload of it that follows the one before`);
}

/** The whole lines of a file, and where each ends, in bytes. */
export async function* lines(
  handle: FileHandle,
): AsyncGenerator<{ number: number; json: unknown; end: number }> {
  let [rest, end, number] = [Buffer.alloc(0), 0, 0];
  for await (const piece of piecesOf(handle)) {
    rest = Buffer.concat([rest, piece]);
    for (let feed = rest.indexOf(0x0a); feed >= 0; feed = rest.indexOf(0x0a)) {
      end += feed + 1;
      yield { number: ++number, json: parsed(rest.toString('utf8', 0, feed)), end };
      rest = rest.subarray(feed + 1);
    }
  }
}

async function* piecesOf(handle: FileHandle): AsyncGenerator<Buffer> {
  for (let at = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(PIECE), 0, PIECE, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

export function foreign(file: string, why: string): Failure {
  return new Failure('config-wrong', `Cannot go on with ${file}: ${why}`, {
    left: `${file} and every upload`,
    todo: 'give another file with --state, or remove this one',
  });
}
