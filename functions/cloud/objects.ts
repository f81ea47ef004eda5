import { Readable } from 'node:stream';
import type { Range } from '../envelope/layout';
import { Fault } from '../fault';
import { combineCrc64, crc64 } from './crc64';
import type { OssClient } from './oss-client';
import { ossFault, ossStatus } from './oss-fault';

type Headers = Record<string, string>;
export type StoredPart = { number: number; eTag: string; size: number; checksum: bigint };

/** What OSS made of it: without a version id where the bucket has no versions. */
type Stored = { versionId: string | undefined };

/** A multipart upload. `part` may run many times at once, and again for the same number. */
export type Multipart = {
  uploadId: string;
  part(number: number, content: AsyncIterable<Buffer>, size: number): Promise<StoredPart>;
  /** `parts` in the order of their numbers. */
  complete(parts: StoredPart[]): Promise<Stored>;
  abort(): Promise<void>;
};

/** Writes objects of one bucket; what OSS stored is compared with what was sent by CRC-64 (else `stored-differs`). */
export type ObjectWriter = {
  put(content: Buffer): Promise<Stored>;
  multipart(): Promise<Multipart>;
};

/** `aborter` is a client of the same bucket: aborting cancels whatever else its client does. */
export function objectWriter(
  client: OssClient,
  aborter: OssClient,
  key: string,
  headers: Headers,
): ObjectWriter {
  return {
    put: (content) => put(client, key, headers, content),
    async multipart() {
      const { uploadId } = await client
        .initMultipartUpload(key, { headers: { ...headers } })
        .catch((error) => Promise.reject(ossFault('begin an upload', error)));
      return multipartUpload(client, aborter, key, uploadId);
    },
  };
}

/** An upload that has begun. `aborter`: see objectWriter. */
export function multipartUpload(
  client: OssClient,
  aborter: OssClient,
  key: string,
  uploadId: string,
): Multipart {
  return {
    uploadId,
    part: (number, content, size) => putPart(client, { key, uploadId, number, size }, content),
    complete: (parts) => complete(client, key, uploadId, parts),
    abort: () => abort(aborter, key, uploadId),
  };
}

/** A range of one version of an object; `eTag` and `versionId` pin it. Throws `source-changed` where it is not that any more. */
export async function* readRange(client: OssClient, pin: Pin, { from, to }: Range): AsyncGenerator<Buffer> {
  if (to === from) return;
  const headers = {
    'If-Match': `"${pin.eTag}"`,
    Range: `bytes=${from}-${to - 1}`,
    'x-oss-range-behavior': 'standard',
  };
  try {
    const { stream, res } = await openStream(client, pin, headers);
    if (res.headers['content-length'] !== String(to - from)) {
      stream.destroy();
      throw new Fault('source-changed', 'Cannot read the object: it is shorter than it was');
    }
    yield* stream;
  } catch (error) {
    if (ossStatus(error) === 404)
      throw new Fault('source-changed', 'Cannot read the object: it is not there any more');
    throw ossFault('read the object', error);
  }
}

/**
 * The answer to GET as a stream. ali-oss leaves unread why OSS refuses one. HEAD is refused for the same reason, and its
 * headers tell; where it is not, the reason has gone, but for objects in an archive and those under a key that is not ours.
 */
export async function openStream(
  client: OssClient,
  { key, versionId }: { key: string; versionId?: string | undefined },
  headers: Headers = {},
) {
  const subres = versionId === undefined ? {} : { subres: { versionId } };
  try {
    return await client.getStream(key, { headers, ...subres });
  } catch (error) {
    if (ossStatus(error) !== 403) throw error;
    const { res } = await client.head(key, subres);
    const { 'x-oss-storage-class': storageClass = '', 'x-oss-server-side-encryption': by } = res.headers;
    if (storageClass.endsWith('Archive') || by === 'KMS') throw error;
    throw new Error('refused, and then not');
  }
}

/** All that a stream has to give. */
export async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

export type Pin = { key: string; eTag: string; versionId: string };

async function put(client: OssClient, key: string, headers: Headers, content: Buffer): Promise<Stored> {
  const sent = crc64();
  sent.update(content);
  const { res } = await client.put(key, content, { headers: { ...headers } }).catch((error) => {
    throw ossFault('store the object', error);
  });
  return stored(res.headers, sent.value());
}

type PartPlace = { key: string; uploadId: string; number: number; size: number };

async function putPart(
  client: OssClient,
  place: PartPlace,
  content: AsyncIterable<Buffer>,
): Promise<StoredPart> {
  const { key, uploadId, number, size } = place;
  const sent = crc64();
  let failure: unknown;
  async function* observed() {
    try {
      for await (const piece of content) {
        sent.update(piece);
        yield piece;
      }
    } catch (error) {
      // The SDK writes into the error of a source, then loses it and reports a closed connection.
      failure = error;
      throw new Error('the source failed');
    }
  }
  const stream = Readable.from(observed(), { objectMode: false });
  try {
    const timeout = partTimeout(size);
    const { etag, res } = await client._uploadPart(key, uploadId, number, { stream, size }, { timeout });
    const checksum = sent.value();
    stored(res.headers, checksum);
    return { number, eTag: etag, size, checksum };
  } catch (error) {
    throw failure ?? ossFault('store a part', error);
  } finally {
    stream.destroy();
  }
}

/** The SDK's one timer spans request and answer: a minute, and a second more for each MiB. */
function partTimeout(size: number): number {
  return 60_000 + Math.ceil(size / 1_048_576) * 1000;
}

async function complete(
  client: OssClient,
  key: string,
  uploadId: string,
  parts: StoredPart[],
): Promise<Stored> {
  const list = parts.map(({ number, eTag }) => ({ number, etag: eTag }));
  const checksum = combineCrc64(parts);
  try {
    const { res } = await client.completeMultipartUpload(key, uploadId, list, { timeout: 600_000 });
    return stored(res.headers, checksum);
  } catch (error) {
    if (ossStatus(error) !== 404) throw ossFault('complete the upload', error);
    const completed = await completedBefore(client, key, checksum);
    if (!completed) throw new Fault('oss-unavailable', 'Cannot complete the upload: OSS does not know it');
    return completed;
  }
}

/** An answer may be lost after OSS has completed the upload, which is gone then: of the same bytes there is one object. */
async function completedBefore(client: OssClient, key: string, sent: bigint): Promise<Stored | undefined> {
  const { res } = await client.head(key, {}).catch((error) => {
    throw ossFault('look for the completed upload', ossStatus(error) === 404 ? undefined : error);
  });
  return res.headers['x-oss-hash-crc64ecma'] === sent.toString() ? stored(res.headers, sent) : undefined;
}

async function abort(aborter: OssClient, key: string, uploadId: string): Promise<void> {
  await aborter.abortMultipartUpload(key, uploadId).catch((error) => {
    throw ossFault('abort the upload', error);
  });
}

/** What OSS says it stored, once its checksum is the one of what was sent. Throws `stored-differs`. */
function stored(headers: Headers, sent: bigint): Stored {
  const checksum = headers['x-oss-hash-crc64ecma'];
  if (checksum !== sent.toString()) {
    const detail = `stored ${checksum}, sent ${sent}`;
    throw new Fault(
      'stored-differs',
      'Cannot trust the upload: OSS stored other bytes than were sent',
      detail,
    );
  }
  return { versionId: headers['x-oss-version-id'] };
}
