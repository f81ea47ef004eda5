import { createHash } from 'node:crypto';
import { checkMutable } from '../buckets/worm';
import { combineCrc64 } from '../objects/crc64';
import { versionHeaders } from '../objects/find-version';
import { aclOf, forbidsOverwrite, objectFacts, readAcl } from '../objects/object-facts';
import { checksumHeaders, encryptionHeaders, nextPosition } from '../objects/object-headers';
import { refuseOverwrite } from '../objects/overwrite';
import { receiveBody } from '../objects/receive-body';
import { largestBody, type ReceivedBlob } from '../store/blobs';
import { addVersion, type Bucket, currentObject, saveVersion } from '../store/bucket';
import { createdChange } from '../store/event';
import { type Answer, bucketOf, changeKey, type Operation } from '../store/operation';
import type { ObjectVersion } from '../store/versions';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';

/** POST /bucket/key?append&position : begins an appendable object at 0, or goes on where it ends. */
export const appendObject: Operation = async (oss, request) => {
  const position = readPosition(request);
  const forbidOverwrite = forbidsOverwrite(request);
  checkPlace(currentObject(bucketOf(oss, request), request.key), position);
  const received = await receiveBody(bucketOf(oss, request), request);
  return changeKey(oss, request, async (bucket) => {
    try {
      if (forbidOverwrite) refuseOverwrite(bucket, request);
      const before = currentObject(bucket, request.key);
      checkMutable(bucket, before, oss.now());
      checkPlace(before, position);
      const now = oss.now();
      const after = before
        ? await extend(bucket, { object: before, received, request, now })
        : await begin(bucket, { received, request, now });
      return appended(bucket, after, received.blob.size);
    } catch (error) {
      await bucket.blobs.remove([received.blob]);
      throw error;
    }
  });
};

function readPosition({ query }: OssRequest): number {
  const text = query.get('position');
  const extra = { ArgumentName: 'position', ArgumentValue: text ?? '' };
  if (text === undefined) throw new OssError('MissingArgument', { ec: '0016-00000501', extra });
  if (/^\d{1,15}$/.test(text)) return Number(text);
  // The code of the docs' own example ("Self-help troubleshooting by using error codes").
  throw new OssError('MissingArgument', { ec: '0016-00000502', extra });
}

function checkPlace(object: ObjectVersion | undefined, position: number): void {
  if (object && object.type !== 'Appendable') throw new OssError('ObjectNotAppendable');
  const size = object?.size ?? 0;
  if (position !== size) throw new OssError('PositionNotEqualToLength', { headers: nextPosition({ size }) });
}

type Piece = { received: ReceivedBlob; request: OssRequest; now: number };

async function begin(bucket: Bucket, { received, request, now }: Piece): Promise<ObjectVersion> {
  const { blob, md5, crc64 } = received;
  const place = { key: request.key, modified: now, deleteMarker: false, type: 'Appendable' } as const;
  const object = {
    ...objectFacts(request, bucket),
    ...place,
    size: blob.size,
    eTag: appendETag('', md5),
    crc64,
  };
  const version = await addVersion(bucket, { ...object, blobs: [blob] });
  return { ...object, ...version, deleteMarker: false, blobs: [blob] };
}

// Of the headers of a later request only the ACL counts; metadata and tags are those of the first.
async function extend(bucket: Bucket, piece: Piece & { object: ObjectVersion }): Promise<ObjectVersion> {
  const { object, received, request, now } = piece;
  const size = object.size + received.blob.size;
  if (size > largestBody) throw new OssError('EntityTooLarge', { extra: { ProposedSize: String(size) } });
  const acl = request.headers['x-oss-object-acl'];
  const longer = {
    size,
    eTag: appendETag(object.eTag, received.md5),
    modified: now,
    crc64: combineCrc64([object, { crc64: received.crc64, size: received.blob.size }]),
    blobs: [...object.blobs, received.blob],
    ...aclOf(acl === undefined ? object.acl : readAcl(bucket, acl)),
  };
  await saveVersion(bucket, { ...object, ...longer });
  return Object.assign(object, longer);
}

// Opaque, and not the MD5 of the object; OSS ends it with eight zeros.
function appendETag(eTag: string, md5: string): string {
  const hash = createHash('md5')
    .update(eTag + md5)
    .digest('hex')
    .toUpperCase();
  return `${hash.slice(0, 24)}00000000`;
}

function appended(bucket: Bucket, object: ObjectVersion, deltaSize: number): Answer {
  const headers = {
    ...checksumHeaders(object),
    ...encryptionHeaders(object.headers),
    ...nextPosition(object),
    ...versionHeaders(bucket, object),
  };
  const change = { ...createdChange('ObjectCreated:AppendObject', object, undefined), deltaSize };
  return { status: 200, headers, change };
}
