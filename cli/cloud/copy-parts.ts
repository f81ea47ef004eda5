import { checksumOf, combineCrc64 } from '../../functions/cloud/crc64';
import { objectWriter, type StoredPart } from '../../functions/cloud/objects';
import { collect } from '../../functions/cloud/pieces';
import { PART_MIN, PARTS_MAX, type Range } from '../../functions/envelope/layout';
import { Fault, withMore } from '../../functions/fault';
import type { Buckets, Session } from '../session/session';

/** A version of an object, pinned, and what to put in place of its first bytes. */
export type Headed = {
  bucket: string;
  key: string;
  versionId: string;
  /** Bytes. */
  size: number;
  /** As many bytes as it takes the place of, at most 64 KiB. */
  head: Buffer;
  /** CRC-64 of the version, as OSS tells it. */
  checksum: bigint;
  contentType: string;
  storageClass: string;
  /** Reads the version. Half-open. */
  read(range: Range): AsyncIterable<Buffer>;
};

/** A new version that OSS has all bytes of, and that is not there until `finish`. */
export type Prepared = {
  /** CRC-64 that the new version has. */
  checksum: bigint;
  uploadedBytes: number;
  copiedBytes: number;
  /** Returns the version's id. Throws `stored-differs` where OSS stored other bytes. */
  finish(): Promise<string | undefined>;
  abort(): Promise<void>;
};

/** Up to this size an object is read and sent as a whole: two calls instead of four. */
const WHOLE_MAX = 1_048_576;
/** One call copies so much within OSS; more where 10,000 parts would not do. */
const COPY_PART = 1_073_741_824;
const COPY_TIMEOUT_MS = 600_000;

/**
 * Parts of the new version. The first is sent by us, as short as OSS allows; the others are copied within OSS, 5 GB at
 * most each (https://www.alibabacloud.com/help/en/oss/developer-reference/uploadpartcopy).
 */
export function planCopy(size: number, most = COPY_PART): Range[] {
  if (size <= WHOLE_MAX) return [{ from: 0, to: size }];
  const each = Math.max(most, Math.ceil((size - PART_MIN) / (PARTS_MAX - 1)));
  const parts: Range[] = [{ from: 0, to: PART_MIN }];
  for (let from = PART_MIN; from < size; from += each) parts.push({ from, to: Math.min(from + each, size) });
  return parts;
}

/**
 * Makes all of a new version but its name: nothing can be seen of it before `finish`. Bytes after the head stay in OSS,
 * but for the first part; that they are the same is told by `checksum`, which follows from the old version's and the two
 * heads. `most`: bytes of a copied part.
 */
export async function prepareWithHead(session: Session, object: Headed, most?: number): Promise<Prepared> {
  const [first, ...rest] = planCopy(object.size, most);
  const old = await collect(object.read(first as Range));
  const checksum = checksumWith(object, old);
  const content = Buffer.concat([object.head, old.subarray(object.head.length)]);
  return rest.length === 0
    ? prepareWhole(session, object, { content, checksum })
    : prepareParts(session, object, { content, checksum, rest });
}

/** Of what has the new head and the old body: the CRC of the body cannot be had, and cancels itself out. */
function checksumWith({ head, checksum, size }: Headed, old: Buffer): bigint {
  const [before, after] = [checksumOf(old.subarray(0, head.length)), checksumOf(head)];
  const changed = { checksum: before ^ after, size: head.length };
  return checksum ^ combineCrc64([changed, { checksum: 0n, size: size - head.length }]);
}

function writerOf(session: Buckets, { bucket, key, contentType, storageClass }: Headed) {
  const headers = { 'Content-Type': contentType, 'x-oss-storage-class': storageClass };
  return objectWriter(session.oss(bucket), { key, headers });
}

type Content = { content: Buffer; checksum: bigint };

async function prepareWhole(
  session: Session,
  object: Headed,
  { content, checksum }: Content,
): Promise<Prepared> {
  if (checksumOf(content) !== checksum) {
    throw new Fault('source-changed', 'Cannot read the envelope: its checksum is not the one that OSS tells');
  }
  const writer = writerOf(session, object);
  return {
    checksum,
    uploadedBytes: content.length,
    copiedBytes: 0,
    finish: async () => (await writer.put({ content: () => once(content) })).versionId,
    abort: async () => {},
  };
}

async function prepareParts(
  session: Session,
  object: Headed,
  { content, checksum, rest }: Content & { rest: Range[] },
): Promise<Prepared> {
  const upload = await writerOf(session, object).multipart();
  try {
    const parts = [await upload.part({ number: 1, size: content.length, content: () => once(content) })];
    for (const range of rest) {
      const place = { uploadId: upload.uploadId, number: parts.length + 1, range };
      parts.push(await copyPart(session, object, place));
    }
    const whole = withChecksum(parts, checksum);
    return {
      checksum,
      uploadedBytes: content.length,
      copiedBytes: object.size - content.length,
      finish: async () => (await upload.complete(whole)).versionId,
      abort: upload.abort,
    };
  } catch (error) {
    await upload.abort().catch(() => {
      throw leftUnfinished(error);
    });
    throw error;
  }
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}

type Copied = { uploadId: string; number: number; range: Range };

async function copyPart(
  session: Buckets,
  { bucket, key, versionId }: Headed,
  { uploadId, number, range: { from, to } }: Copied,
): Promise<StoredPart> {
  const place = { sourceKey: key, sourceBucketName: bucket };
  const options = { versionId, timeout: COPY_TIMEOUT_MS };
  const { etag } = await session
    .oss(bucket)
    .call('copy a part', (client) =>
      client.uploadPartCopy(key, uploadId, number, `${from}-${to - 1}`, place, options),
    );
  return { number, eTag: etag, size: to - from, checksum: 0n };
}

/** OSS does not document that it tells the checksum of a copied part: the last one stands for all of them. */
function withChecksum(parts: StoredPart[], whole: bigint): StoredPart[] {
  const rest = whole ^ combineCrc64(parts);
  return parts.map((part, index) => (index === parts.length - 1 ? { ...part, checksum: rest } : part));
}

function leftUnfinished(error: unknown): unknown {
  return error instanceof Fault ? withMore(error, 'the upload is left unfinished') : error;
}
