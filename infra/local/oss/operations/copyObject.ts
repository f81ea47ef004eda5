import { checkReadable } from '../objects/archive';
import { checkCopySize, copyFacts } from '../objects/copy-facts';
import { type CopySource, copiedVersion, copySource, mayCopy } from '../objects/copy-source';
import { versionHeaders } from '../objects/find-version';
import { forbidsOverwrite } from '../objects/object-facts';
import { encryptionHeaders } from '../objects/object-headers';
import { checkOverwrite } from '../objects/overwrite';
import { addVersion, type Bucket, currentObject } from '../store/bucket';
import { createdChange, xmlTime } from '../store/event';
import { bucketOf, changeKey, type Operation } from '../store/operation';
import type { ObjectVersion } from '../store/versions';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { xmlDocument } from '../wire/xml';

/** PUT /bucket/key with x-oss-copy-source : a further object of the same bytes; of a symlink, a further symlink. */
export const copyObject: Operation = (oss, request) => {
  const forbid = forbidsOverwrite(request);
  return changeKey(oss, request, async (bucket) => {
    await checkOverwrite(bucket, request, { forbid, now: oss.now() });
    const source = copySource(oss, request);
    if (!mayCopy(request, source)) return { status: 304 };
    const copy = copyOf(bucket, request, source);
    checkSource(source, { bucket, storageClass: copy.headers['x-oss-storage-class'], now: oss.now() });
    const before = currentObject(bucket, request.key);
    const blobs = await source.bucket.blobs.share(source.object.blobs, bucketOf(oss, request).blobs);
    const version = await addVersion(bucket, { ...copy, blobs, modified: oss.now() });
    const headers = {
      ...versionHeaders(bucket, version),
      ...copiedVersion(source),
      ...encryptionHeaders(copy.headers),
      'x-oss-hash-crc64ecma': copy.crc64,
    };
    const result = { ETag: `"${copy.eTag}"`, LastModified: xmlTime(version.modified) };
    const change = createdChange('ObjectCreated:CopyObject', copy, before);
    return { status: 200, headers, xml: xmlDocument('CopyObjectResult', result), change };
  });
};

function copyOf(bucket: Bucket, request: OssRequest, { bucket: from, object }: CopySource) {
  const { type, size, eTag, crc64, target } = object;
  const ontoItself = from === bucket && object.key === request.key;
  return {
    ...copyFacts(request, { source: object, to: bucket, ontoItself }),
    key: request.key,
    deleteMarker: false as const,
    type,
    size,
    eTag,
    crc64,
    ...(target === undefined ? {} : { target }),
  };
}

type Destination = { bucket: Bucket; storageClass: string | undefined; now: number };

function checkSource({ bucket, object }: CopySource, to: Destination): void {
  if (object.type === 'Appendable') {
    throw new OssError('OperationNotSupported', { message: 'An appendable object cannot be copied.' });
  }
  checkReadable(object, to.now);
  const converted = storageClassOf(object) !== to.storageClass;
  checkCopySize({ size: object.size, sameBucket: bucket === to.bucket, converted });
}

function storageClassOf({ headers }: ObjectVersion): string | undefined {
  return headers['x-oss-storage-class'];
}
