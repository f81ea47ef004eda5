import { basename } from 'node:path/posix';
import { getStream, type Pin, readRange, wholeSize } from '../../functions/cloud/objects';
import { type Bucket, ossStatus } from '../../functions/cloud/oss-fault';
import { collect } from '../../functions/cloud/pieces';
import type { Range } from '../../functions/envelope/layout';
import { Fault } from '../../functions/fault';
import { type Location, showLocation } from '../files/location';
import type { FormatInput } from '../formats/format';
import type { Buckets } from '../session/session';
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
export async function objectAt(session: Buckets, which: Which): Promise<ObjectInput> {
  const bucket = session.oss(which.bucket);
  const { headers, start } = await lookUp(bucket, which);
  const size = wholeSize(headers);
  const versionId = headers['x-oss-version-id'];
  const eTag = (headers.etag ?? '').replaceAll('"', '');
  const pin = { ...which, versionId, eTag, doing: `read ${showLocation(which)}` };
  return {
    name: basename(which.key),
    size,
    modifiedAt: new Date(headers['last-modified'] ?? 0),
    userMetadata: userMetadataOf(headers),
    eTag,
    ...(versionId !== undefined && { versionId }),
    read: (range) => (range.to <= start.length ? once(start, range) : read(bucket, pin, range)),
    close: async () => {},
  };
}

/** What stands under these headers, and its first bytes: in one call, but for an empty object. */
async function lookUp(bucket: Bucket, which: Which): Promise<{ headers: Headers; start: Buffer }> {
  const range = { Range: `bytes=0-${START - 1}`, 'x-oss-range-behavior': 'standard' };
  const asked = bucket.call(`read ${showLocation(which)}`, async (client) => {
    try {
      const { stream, res } = await getStream(client, which, range);
      return { headers: res.headers, start: await collect(stream) };
    } catch (error) {
      if (ossStatus(error) === 404) return undefined;
      if (ossStatus(error) !== 416) throw error;
    }
    const { versionId } = which;
    const { res } = await client.head(which.key, versionId === undefined ? {} : { subres: { versionId } });
    return { headers: res.headers, start: Buffer.alloc(0) };
  });
  const found = await asked.catch(
    refusedWithout('oss:GetObject', `acs:oss:*:*:${which.bucket}/${which.key}`),
  );
  if (!found)
    throw new Failure('file-missing', `Cannot read ${showLocation(which)}: there is no such object`, {
      todo: 'check bucket, key and version',
    });
  if (found.start.length === 0 && found.headers['content-length'] !== '0') throw changed(which);
  return found;
}

function userMetadataOf(headers: Headers): Map<string, string> {
  const pairs = Object.entries(headers).filter(([name]) => name.startsWith('x-oss-meta-'));
  return new Map(pairs.map(([name, value]) => [name.slice('x-oss-meta-'.length), value]));
}

async function* once(start: Buffer, { from, to }: Range): AsyncGenerator<Buffer> {
  if (to > from) yield start.subarray(from, to);
}

async function* read(bucket: Bucket, pin: Pin & Location, range: Range): AsyncGenerator<Buffer> {
  try {
    yield* readRange(bucket, pin, range);
  } catch (error) {
    if (error instanceof Fault && error.code === 'source-changed') throw changed(pin);
    throw asFailure(error);
  }
}

function changed(pin: Which): Failure {
  return new Failure(
    'file-changed',
    `Cannot read ${showLocation(pin)}: it was replaced or removed meanwhile`,
  );
}
