import { Readable } from 'node:stream';
import type { Range } from '../envelope/layout';
import { Fault } from '../fault';
import { type Crc64, checksumOf, combineCrc64, crc64 } from './crc64';
import type { OssClient } from './oss-client';
import { type Bucket, ossFault, ossStatus } from './oss-fault';
import { collect, resumed } from './pieces';

type Headers = Record<string, string>;
export type StoredPart = { number: number; eTag: string; size: number; checksum: bigint };

/** `content` can be asked for again; what fails of it is not tried again here. */
type Content = { content: () => AsyncIterable<Buffer> };
type Outgoing = Content & { number: number; size: number };

/** What OSS made of it: without a version id where the bucket has no versions. */
type Stored = { versionId: string | undefined };

/** A multipart upload. `part` may run many times at once, and again for the same number. */
export type Multipart = {
  uploadId: string;
  part(part: Outgoing): Promise<StoredPart>;
  /** `parts` in the order of their numbers. */
  complete(parts: StoredPart[]): Promise<Stored>;
  /** Tried once, also when the time is over. */
  abort(): Promise<void>;
};

/** Writes an object; what OSS stored is compared with what was sent by CRC-64 (else `stored-differs`). */
export type ObjectWriter = {
  put(whole: Content): Promise<Stored>;
  multipart(): Promise<Multipart>;
};

/** `undo`: is done where OSS stored other bytes than were sent. */
type Writing = { key: string; undo?: () => Promise<void> };

export function objectWriter(bucket: Bucket, object: Writing & { headers: Headers }): ObjectWriter {
  const { key, headers } = object;
  return {
    put: ({ content }) => put(bucket, object, content),
    async multipart() {
      const { uploadId } = await bucket.call('begin an upload', (client) =>
        client.initMultipartUpload(key, { headers: { ...headers } }),
      );
      return multipartUpload(bucket, { ...object, uploadId });
    },
  };
}

type Begun = Writing & { uploadId: string };

/** An upload that has begun. */
export function multipartUpload(bucket: Bucket, upload: Begun): Multipart {
  const { key, uploadId } = upload;
  return {
    uploadId,
    part: (part) => putPart(bucket, upload, part),
    complete: (parts) => complete(bucket, upload, parts),
    abort: () =>
      bucket.once('abort the upload', async (client) => {
        await client.abortMultipartUpload(key, uploadId);
      }),
  };
}

/**
 * A range of one version of an object; `eTag` and `versionId` pin it. What breaks off goes on where it was. Throws
 * `source-changed` where it is not that any more.
 */
export function readRange(bucket: Bucket, pin: Pin, { from, to }: Range): AsyncGenerator<Buffer> {
  return resumed(bucket.retry, { from, to }, (at) => stretch(bucket, pin, { from: at, to }));
}

async function* stretch(bucket: Bucket, pin: Pin, { from, to }: Range): AsyncGenerator<Buffer> {
  const headers = {
    'If-Match': `"${pin.eTag}"`,
    Range: `bytes=${from}-${to - 1}`,
    'x-oss-range-behavior': 'standard',
  };
  try {
    const { stream, res } = await getStream(await bucket.client(), pin, headers);
    if (res.headers['content-length'] !== String(to - from)) {
      stream.destroy();
      throw new Fault('source-changed', 'Cannot read the object: it is shorter than it was');
    }
    yield* stream;
  } catch (error) {
    if (ossStatus(error) === 404)
      throw new Fault('source-changed', 'Cannot read the object: it is not there any more');
    throw ossFault(pin.doing ?? 'read the object', error);
  }
}

/**
 * The answer to GET as a stream. ali-oss leaves unread why OSS refuses one. HEAD is refused for the same reason, and its
 * headers tell; where it is not, the reason has gone, but for objects in an archive and those under a key that is not ours.
 */
export async function getStream(
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

/** Of the whole object, as the answer to a range tells. */
export function wholeSize(headers: Headers): number {
  return Number(/\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1] ?? headers['content-length']);
}

/** `versionId`: undefined where the bucket has no versions. `doing`: "<verb> <what>", for sentences. */
export type Pin = { key: string; eTag: string; versionId: string | undefined; doing?: string };

async function put(bucket: Bucket, object: Writing & { headers: Headers }, content: Content['content']) {
  const whole = await collect(content());
  const sum = checksumOf(whole);
  return bucket.retry(async () => {
    const { res } = await bucket.once('store the object', (client) =>
      client.put(object.key, whole, { headers: { ...object.headers } }),
    );
    return stored(object, res.headers, sum);
  });
}

async function putPart(
  bucket: Bucket,
  { key, uploadId }: Begun,
  { number, size, content }: Outgoing,
): Promise<StoredPart> {
  let failure: unknown;
  async function* observed(sent: Crc64) {
    try {
      for await (const piece of content()) {
        sent.update(piece);
        yield piece;
      }
    } catch (error) {
      // The SDK writes into the error of a source, then loses it and reports a closed connection.
      failure = error;
      throw new Error('the source failed');
    }
  }
  const part = await bucket.call('store a part', async (client) => {
    const sent = crc64();
    const stream = Readable.from(observed(sent), { objectMode: false });
    try {
      const timeout = partTimeout(size);
      const { etag, res } = await client._uploadPart(key, uploadId, number, { stream, size }, { timeout });
      checkStored(res.headers, sent.value());
      return { number, eTag: etag, size, checksum: sent.value() };
    } catch (error) {
      if (failure === undefined) throw error;
      return undefined;
    } finally {
      stream.destroy();
    }
  });
  if (part) return part;
  throw failure;
}

/** The SDK's one timer spans request and answer: a minute, and a second more for each MiB. */
function partTimeout(size: number): number {
  return 60_000 + Math.ceil(size / 1_048_576) * 1000;
}

async function complete(bucket: Bucket, upload: Begun, parts: StoredPart[]): Promise<Stored> {
  const { key, uploadId, undo } = upload;
  const list = parts.map(({ number, eTag }) => ({ number, etag: eTag }));
  const checksum = combineCrc64(parts);
  let undone: unknown;
  return bucket.call('complete the upload', async (client) => {
    // There is nothing to complete any more.
    if (undone) throw undone;
    try {
      const { res } = await client.completeMultipartUpload(key, uploadId, list, { timeout: 600_000 });
      return await stored(upload, res.headers, checksum);
    } catch (error) {
      if (undo && error instanceof Fault && error.code === 'stored-differs') undone = error;
      if (ossStatus(error) !== 404) throw error;
      const completed = await completedBefore(client, key, checksum);
      if (!completed) throw new Fault('oss-unavailable', 'Cannot complete the upload: OSS does not know it');
      return stored(upload, completed, checksum);
    }
  });
}

/** An answer may be lost after OSS has completed the upload, which is gone then: of the same bytes there is one object. */
async function completedBefore(client: OssClient, key: string, sent: bigint): Promise<Headers | undefined> {
  const { res } = await client.head(key, {}).catch((error) => {
    throw ossFault('look for the completed upload', ossStatus(error) === 404 ? undefined : error);
  });
  return res.headers['x-oss-hash-crc64ecma'] === sent.toString() ? res.headers : undefined;
}

async function stored({ undo }: Writing, headers: Headers, sent: bigint): Promise<Stored> {
  try {
    checkStored(headers, sent);
  } catch (error) {
    await undo?.();
    throw error;
  }
  return { versionId: headers['x-oss-version-id'] };
}

/** Throws `stored-differs` where the checksum that OSS tells is not the one of what was sent. */
function checkStored(headers: Headers, sent: bigint): void {
  const checksum = headers['x-oss-hash-crc64ecma'];
  if (checksum === sent.toString()) return;
  const detail = `stored ${checksum}, sent ${sent}`;
  throw new Fault('stored-differs', 'Cannot trust the upload: OSS stored other bytes than were sent', detail);
}

type Listed = Pick<StoredPart, 'number' | 'eTag' | 'size'>;

/** The finished parts of an upload; undefined where there is no such upload (any more). */
export function finishedParts(
  bucket: Bucket,
  { key, uploadId }: Pick<Begun, 'key' | 'uploadId'>,
): Promise<Listed[] | undefined> {
  return bucket.call('look at the upload', async (client) => {
    const found: Listed[] = [];
    try {
      for (let marker = '0'; ; ) {
        const query = { 'max-parts': 1000, 'part-number-marker': marker };
        const {
          parts = [],
          isTruncated,
          nextPartNumberMarker,
        } = await client.listParts(key, uploadId, query);
        for (const { PartNumber, ETag, Size } of [parts].flat())
          found.push({ number: Number(PartNumber), eTag: ETag.replaceAll('"', ''), size: Number(Size) });
        if (isTruncated !== 'true') return found;
        marker = nextPartNumberMarker;
      }
    } catch (error) {
      if (ossStatus(error) === 404) return undefined;
      throw error;
    }
  });
}
