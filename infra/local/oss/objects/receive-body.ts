import { largestBody, type ReceivedBlob } from '../store/blobs';
import type { Bucket } from '../store/bucket';
import { expectedMd5 } from '../wire/content-md5';
import { OssError } from '../wire/errors';
import { bodyOf, type OssRequest } from '../wire/request';

/**
 * Stores the body of a PutObject or UploadPart as a blob that belongs to nothing yet. Throws
 * MissingContentLength, EntityTooLarge, InvalidDigest; a body cut off leaves nothing.
 */
export async function receiveBody(bucket: Bucket, request: OssRequest): Promise<ReceivedBlob> {
  checkLength(request);
  const expected = expectedMd5(request.headers);
  const received = await bucket.blobs.receive(bodyOf(request));
  if (expected === undefined || expected === received.md5) return received;
  await bucket.blobs.remove([received.blob]);
  throw new OssError('InvalidDigest');
}

function checkLength({ headers }: OssRequest): void {
  const length = headers['content-length'];
  if (length === undefined && headers['transfer-encoding'] === undefined) {
    throw new OssError('MissingContentLength');
  }
  if (Number(length ?? 0) <= largestBody) return;
  throw new OssError('EntityTooLarge', { extra: { ProposedSize: length ?? '' } });
}
