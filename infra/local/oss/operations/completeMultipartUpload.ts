import { createHash } from 'node:crypto';
import { partsOf } from '../objects/complete-list';
import { combineCrc64 } from '../objects/crc64';
import { findUpload } from '../objects/find-upload';
import { versionHeaders } from '../objects/find-version';
import { nameEncoding } from '../objects/name-encoding';
import { aclOf, forbidsOverwrite, readAcl } from '../objects/object-facts';
import { checksumHeaders, encryptionHeaders } from '../objects/object-headers';
import { checkOverwrite } from '../objects/overwrite';
import { refuseEncryption } from '../objects/part';
import type { BlobFile } from '../store/blobs';
import { addVersion, type Bucket, currentObject } from '../store/bucket';
import { createdChange } from '../store/event';
import { bucketOf, changeKey, type Operation, type Oss } from '../store/operation';
import { multipartETag, removeUpload } from '../store/uploads';
import { bodyText, type OssRequest } from '../wire/request';
import { xmlDocument } from '../wire/xml';

/** POST /bucket/key?uploadId : makes the listed parts, or none, an object; no byte is copied. */
export const completeMultipartUpload: Operation = async (oss, request) => {
  refuseEncryption(request);
  const list = await bodyText(request);
  const acl = readAcl(bucketOf(oss, request), request.headers['x-oss-object-acl']);
  return changeKey(oss, request, async (bucket) => {
    const upload = findUpload(bucket, request);
    const parts = partsOf(upload, request, list);
    const { key, uploadId, headers, tags } = upload;
    const forbid = upload.forbidOverwrite || forbidsOverwrite(request);
    await checkOverwrite(bucket, request, { forbid, now: oss.now() });
    const before = currentObject(bucket, key);
    const blobs = parts.map(({ blob }) => blob);
    const object = {
      headers,
      tags,
      uploadId,
      type: 'Multipart' as const,
      deleteMarker: false as const,
      size: parts.reduce((sum, { size }) => sum + size, 0),
      eTag: multipartETag(parts),
      crc64: combineCrc64(parts),
      blobs,
      ...(upload.sequential ? { md5: await md5Of(bucket, blobs) } : {}),
      ...aclOf(acl ?? upload.acl),
    };
    const version = await addVersion(bucket, { ...object, key, modified: oss.now() });
    await removeUpload(bucket, upload, object.blobs);
    return {
      status: 200,
      headers: {
        ...checksumHeaders(object),
        ...encryptionHeaders(headers),
        ...versionHeaders(bucket, version),
      },
      xml: completed(oss, request, object.eTag),
      change: createdChange('ObjectCreated:CompleteMultipartUpload', object, before),
    };
  });
};

async function md5Of(bucket: Bucket, blobs: BlobFile[]): Promise<string> {
  const reading = bucket.blobs.read(blobs, { start: 0, end: Number.MAX_SAFE_INTEGER });
  const hash = createHash('md5');
  try {
    for await (const chunk of reading.bytes) hash.update(chunk);
  } finally {
    await reading.release();
  }
  return hash.digest('hex').toUpperCase();
}

function completed(oss: Oss, request: OssRequest, eTag: string): string {
  const names = nameEncoding(request);
  const key = names.encode(request.key);
  return xmlDocument('CompleteMultipartUploadResult', {
    ...names.element,
    Location: `http://${oss.host()}/${request.bucket}/${encodeURI(request.key)}`,
    Bucket: request.bucket,
    Key: key,
    ETag: `"${eTag}"`,
  });
}
