import { basename } from 'node:path/posix';
import { collect, openStream } from '../../functions/cloud/objects';
import { ossFault, ossStatus } from '../../functions/cloud/oss-fault';
import type { Range } from '../../functions/envelope/layout';
import { Fault } from '../../functions/fault';
import { type Location, showLocation } from '../files/location';
import type { FormatInput } from '../formats/format';
import type { Session } from '../session/session';
import { asFailure, Failure, refusedWithout } from '../terminal/failure';
import { START } from './look-at';

type Which = Location & { versionId?: string | undefined };
type Headers = Record<string, string>;

/** An object as bytes that can be read anywhere: always the same version, or none. */
export type ObjectInput = FormatInput & {
  userMetadata: Map<string, string>;
  eTag: string;
  versionId?: string;
};

/**
 * One version of an object, the current one by default, in a bucket with versions or without. A reading that breaks off goes
 * on where it was. Throws `file-missing`, `file-changed` where it was replaced meanwhile, and what OSS refuses with.
 */
export async function openObject(session: Session, which: Which): Promise<ObjectInput> {
  const { headers, start } = await session.retry(() => lookUp(session, which)).catch(asOperator(which));
  const size = sizeOf(headers);
  const versionId = headers['x-oss-version-id'];
  const pin: Pin = { ...which, versionId, eTag: headers.etag ?? '' };
  return {
    name: basename(which.key),
    size,
    modifiedAt: new Date(headers['last-modified'] ?? 0),
    userMetadata: userMetadataOf(headers),
    eTag: pin.eTag.replaceAll('"', ''),
    ...(versionId !== undefined && { versionId }),
    read: (range) => (range.to <= start.length ? once(start, range) : read(session, pin, range)),
    close: async () => {},
  };
}

/** What stands under these headers, and its first bytes: in one call, but for an empty object. */
async function lookUp(session: Session, which: Which): Promise<{ headers: Headers; start: Buffer }> {
  const client = await session.oss(which.bucket);
  const range = { Range: `bytes=0-${START - 1}`, 'x-oss-range-behavior': 'standard' };
  try {
    const { stream, res } = await openStream(client, which, range);
    return { headers: res.headers, start: await collect(stream) };
  } catch (error) {
    if (ossStatus(error) === 404) {
      throw new Failure('file-missing', `Cannot read ${showLocation(which)}: there is no such object`, {
        todo: 'check bucket, key and version',
      });
    }
    if (ossStatus(error) !== 416) throw ossFault(`read ${showLocation(which)}`, error);
  }
  const { versionId } = which;
  const { res } = await client
    .head(which.key, versionId === undefined ? {} : { subres: { versionId } })
    .catch((error) => Promise.reject(ossFault(`read ${showLocation(which)}`, error)));
  if (res.headers['content-length'] !== '0') throw changed(which);
  return { headers: res.headers, start: Buffer.alloc(0) };
}

function sizeOf(headers: Headers): number {
  return Number(/\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1] ?? headers['content-length']);
}

function userMetadataOf(headers: Headers): Map<string, string> {
  const pairs = Object.entries(headers).filter(([name]) => name.startsWith('x-oss-meta-'));
  return new Map(pairs.map(([name, value]) => [name.slice('x-oss-meta-'.length), value]));
}

async function* once(start: Buffer, { from, to }: Range): AsyncGenerator<Buffer> {
  if (to > from) yield start.subarray(from, to);
}

type Pin = Which & { eTag: string };

async function* read(session: Session, pin: Pin, { from, to }: Range): AsyncGenerator<Buffer> {
  let at = from;
  let stream: AsyncIterator<Buffer> | undefined;
  const next = async () => {
    try {
      stream ??= stretch(session, pin, { from: at, to });
      return await stream.next();
    } catch (error) {
      stream = undefined;
      throw error;
    }
  };
  try {
    while (at < to) {
      const piece = await session.retry(next);
      if (piece.done) throw changed(pin);
      at += piece.value.length;
      yield piece.value;
    }
  } catch (error) {
    throw asFailure(error);
  } finally {
    await stream?.return?.();
  }
}

async function* stretch(session: Session, pin: Pin, { from, to }: Range): AsyncGenerator<Buffer> {
  const headers = {
    'If-Match': pin.eTag,
    Range: `bytes=${from}-${to - 1}`,
    'x-oss-range-behavior': 'standard',
  };
  try {
    const { stream, res } = await openStream(await session.oss(pin.bucket), pin, headers);
    if (res.headers['content-length'] !== String(to - from)) {
      stream.destroy();
      throw changed(pin);
    }
    yield* stream;
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (ossStatus(error) === 404 || ossStatus(error) === 412) throw changed(pin);
    throw ossFault(`read ${showLocation(pin)}`, error);
  }
}

function changed(pin: Which): Failure {
  return new Failure(
    'file-changed',
    `Cannot read ${showLocation(pin)}: it was replaced or removed meanwhile`,
  );
}

function asOperator(which: Which): (error: unknown) => never {
  const resource = `acs:oss:*:*:${which.bucket}/${which.key}`;
  return (error) => {
    if (error instanceof Fault) refusedWithout('oss:GetObject', resource)(error);
    throw error;
  };
}
