import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { BlobFile, Blobs } from './blobs';
import { removeRecords, writeRecord } from './records';
import type { ObjectFacts } from './versions';

export type Part = {
  /** Name of its record. */
  id: string;
  uploadId: string;
  number: number;
  /** Bytes. */
  size: number;
  /** Upper-case MD5, without quotes. */
  eTag: string;
  crc64: string;
  /** Milliseconds since 1970. */
  modified: number;
  blob: BlobFile;
};

export type Upload = ObjectFacts & {
  uploadId: string;
  key: string;
  /** Milliseconds since 1970. */
  initiated: number;
  forbidOverwrite: boolean;
  /** Initiated with `sequential`: the object gets the MD5 of its bytes. */
  sequential?: boolean;
  parts: Map<number, Part>;
};

/** What of a bucket its uploads need. */
export type UploadsOf = { folder: string; uploads: Map<string, Upload>; blobs: Blobs };

/** Begins a multipart upload under a fresh upload id of 32 hex digits. */
export async function addUpload(
  bucket: UploadsOf,
  fresh: Omit<Upload, 'uploadId' | 'parts'>,
): Promise<Upload> {
  const uploadId = randomBytes(16).toString('hex').toUpperCase();
  await writeRecord(join(bucket.folder, 'uploads'), { id: uploadId, ...fresh });
  const upload = { ...fresh, uploadId, parts: new Map() };
  bucket.uploads.set(uploadId, upload);
  return upload;
}

/** Adds a part, in place of an earlier one of the same number. */
export async function addPart(
  bucket: UploadsOf,
  upload: Upload,
  fresh: Omit<Part, 'id' | 'uploadId'>,
): Promise<void> {
  const part: Part = { ...fresh, id: randomUUID(), uploadId: upload.uploadId };
  const replaced = upload.parts.get(part.number);
  await writeRecord(join(bucket.folder, 'parts'), part);
  upload.parts.set(part.number, part);
  if (replaced) await discardParts(bucket, [replaced], [replaced.blob]);
}

/** Ends an upload, completed or aborted; the blobs in `kept` belong to an object now. */
export async function removeUpload(bucket: UploadsOf, upload: Upload, kept: BlobFile[]): Promise<void> {
  const parts = [...upload.parts.values()];
  const keptIds = new Set(kept.map(({ id }) => id));
  bucket.uploads.delete(upload.uploadId);
  await removeRecords(join(bucket.folder, 'uploads'), [upload.uploadId]);
  await discardParts(
    bucket,
    parts,
    parts.map(({ blob }) => blob).filter(({ id }) => !keptIds.has(id)),
  );
}

async function discardParts(bucket: UploadsOf, parts: Part[], blobs: BlobFile[]): Promise<void> {
  await removeRecords(
    join(bucket.folder, 'parts'),
    parts.map(({ id }) => id),
  );
  await bucket.blobs.remove(blobs);
}

/**
 * `<32 hex>-<number of parts>`, not the MD5 of the object: OSS promises no formula, but a file of which the Go SDK's
 * tests know the ETag has the MD5 of its parts' MD5s, written in hex one behind the other.
 */
export function multipartETag(parts: Pick<Part, 'eTag'>[]): string {
  const hash = createHash('md5');
  for (const { eTag } of parts) hash.update(eTag);
  return `${hash.digest('hex').toUpperCase()}-${parts.length}`;
}
