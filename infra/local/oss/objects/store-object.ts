import { addVersion, currentObject } from '../store/bucket';
import { createdChange, type EventName } from '../store/event';
import { type Answer, bucketOf, changeKey, type Oss } from '../store/operation';
import type { OssRequest } from '../wire/request';
import { versionHeaders } from './find-version';
import { forbidsOverwrite, objectFacts } from './object-facts';
import { checksumHeaders, encryptionHeaders } from './object-headers';
import { checkOverwrite } from './overwrite';
import { receiveBody } from './receive-body';

/** Makes the body of a request the object of its key, as PutObject and PostObject do. */
export async function storeObject(oss: Oss, request: OssRequest, eventName: EventName): Promise<Answer> {
  const facts = objectFacts(request, bucketOf(oss, request));
  const forbid = forbidsOverwrite(request);
  const { blob, md5, crc64 } = await receiveBody(bucketOf(oss, request), request);
  return changeKey(oss, request, async (bucket) => {
    const before = currentObject(bucket, request.key);
    await checkOverwrite(bucket, request, { forbid, now: oss.now(), blobs: [blob] });
    const object = { ...facts, type: 'Normal', size: blob.size, eTag: md5, crc64, blobs: [blob] } as const;
    const place = { key: request.key, modified: oss.now(), deleteMarker: false } as const;
    const version = await addVersion(bucket, { ...object, ...place, blobs: [blob] });
    const told = { ...checksumHeaders(object), ...encryptionHeaders(facts.headers) };
    return {
      status: 200,
      headers: { ...told, ...versionHeaders(bucket, version) },
      change: createdChange(eventName, object, before),
    };
  });
}
