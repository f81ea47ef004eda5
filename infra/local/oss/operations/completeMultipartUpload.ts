import { addVersion, currentObject } from '../bucket';
import { partsToJoin } from '../complete-list';
import { combineCrc64 } from '../crc64';
import { OssError } from '../errors';
import { created } from '../event';
import { findUpload } from '../find-upload';
import { versionHeaders } from '../find-version';
import { nameEncoding } from '../name-encoding';
import { forbidsOverwrite } from '../object-facts';
import { checksumHeaders } from '../object-headers';
import { changeKey, type Operation, type Oss } from '../operation';
import { refuseOverwrite } from '../overwrite';
import { bodyText, type OssRequest } from '../request';
import { multipartETag, removeUpload } from '../uploads';
import { xmlDocument } from '../xml';

/** POST /bucket/key?uploadId : makes the listed parts an object; no byte is copied. */
export const completeMultipartUpload: Operation = async (oss, request) => {
  if (request.headers['x-oss-complete-all'] !== undefined) {
    throw new OssError('NotImplemented', { message: 'x-oss-complete-all is not implemented.' });
  }
  const list = await bodyText(request);
  return changeKey(oss, request, async (bucket) => {
    const upload = findUpload(bucket, request);
    const parts = partsToJoin(upload, list);
    const { key, uploadId, headers, tags } = upload;
    if (upload.forbidOverwrite || forbidsOverwrite(request)) await refuseOverwrite(bucket, request);
    const before = currentObject(bucket, key);
    const object = {
      ...{ headers, tags, uploadId, type: 'Multipart' as const, deleteMarker: false as const },
      size: parts.reduce((sum, { size }) => sum + size, 0),
      eTag: multipartETag(parts),
      crc64: combineCrc64(parts),
      blobs: parts.map(({ blob }) => blob),
    };
    const version = await addVersion(bucket, { ...object, key, modified: oss.now() });
    await removeUpload(bucket, upload, object.blobs);
    return {
      status: 200,
      headers: { ...checksumHeaders(object), ...versionHeaders(bucket, version) },
      xml: completed(oss, request, object.eTag),
      change: created('ObjectCreated:CompleteMultipartUpload', object, before),
    };
  });
};

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
