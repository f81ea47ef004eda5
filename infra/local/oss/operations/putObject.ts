import { addVersion, currentObject } from '../bucket';
import { created } from '../event';
import { versionHeaders } from '../find-version';
import { forbidsOverwrite, objectFacts } from '../object-facts';
import { checksumHeaders } from '../object-headers';
import { bucketOf, changeKey, type Operation } from '../operation';
import { refuseOverwrite } from '../overwrite';
import { receiveBody } from '../receive-body';

/** PUT /bucket/key */
export const putObject: Operation = async (oss, request) => {
  const facts = objectFacts(request);
  const forbidOverwrite = forbidsOverwrite(request);
  const { blob, md5, crc64 } = await receiveBody(bucketOf(oss, request), request);
  return changeKey(oss, request, async (bucket) => {
    const before = currentObject(bucket, request.key);
    if (forbidOverwrite) await refuseOverwrite(bucket, request, [blob]);
    const object = { ...facts, type: 'Normal', size: blob.size, eTag: md5, crc64, blobs: [blob] } as const;
    const place = { key: request.key, modified: oss.now(), deleteMarker: false } as const;
    const version = await addVersion(bucket, { ...object, ...place, blobs: [blob] });
    return {
      status: 200,
      headers: { ...checksumHeaders(object), ...versionHeaders(bucket, version) },
      change: created('ObjectCreated:PutObject', object, before),
    };
  });
};
