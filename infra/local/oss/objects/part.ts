import type { BlobFile } from '../store/blobs';
import type { Bucket } from '../store/bucket';
import type { Upload } from '../store/uploads';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { findUpload } from './find-upload';

/** Reads partNumber. Throws InvalidArgument. */
export function partNumber({ query }: OssRequest): number {
  const text = query.get('partNumber') ?? '';
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= 10_000) return number;
  throw new OssError('InvalidArgument', {
    message: 'Part number must be an integer between 1 and 10000, inclusive.',
    extra: { ArgumentName: 'partNumber', ArgumentValue: text },
  });
}

/** Throws InvalidArgument for an encryption of a part's, or of the completion's, own: that of the upload holds. */
export function refuseEncryption({ headers }: OssRequest): void {
  const name = 'x-oss-server-side-encryption';
  const value = headers[name];
  if (value === undefined) return;
  throw new OssError('InvalidArgument', {
    message: 'The encryption is that of the upload.',
    extra: { ArgumentName: name, ArgumentValue: value },
  });
}

/** Throws PartNotSequential when a sequential upload lacks a part before this one. */
export function checkSequence({ sequential, parts }: Upload, number: number): void {
  if (!sequential || number <= Math.max(0, ...parts.keys()) + 1) return;
  throw new OssError('PartNotSequential', { extra: { PartNumber: String(number) } });
}

/** The upload, once the part's bytes have come in; they are dropped if it was ended meanwhile. Throws NoSuchUpload. */
export async function stillThere(
  bucket: Bucket,
  request: OssRequest,
  { blob, ec }: { blob: BlobFile; ec: string },
): Promise<Upload> {
  try {
    return findUpload(bucket, request, ec);
  } catch (error) {
    await bucket.blobs.remove([blob]);
    throw error;
  }
}
