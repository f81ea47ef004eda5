import { createHash } from 'node:crypto';
import { versionHeaders } from '../objects/find-version';
import { forbidsOverwrite, objectFacts } from '../objects/object-facts';
import { checkOverwrite } from '../objects/overwrite';
import { decodedName } from '../objects/symlink';
import { addVersion, currentObject } from '../store/bucket';
import { createdChange } from '../store/event';
import { bucketOf, changeKey, type Operation } from '../store/operation';
import { checkObjectName } from '../wire/address';
import { OssError } from '../wire/errors';

/** PUT /bucket/key?symlink : points to another key of the bucket, which need not exist. */
export const putSymlink: Operation = (oss, request) => {
  const target = request.headers['x-oss-symlink-target'];
  if (!target) throw new OssError('MissingArgument', { ec: '0043-00000001' });
  checkObjectName(decodedName(target));
  const facts = objectFacts(request, bucketOf(oss, request));
  const forbid = forbidsOverwrite(request);
  return changeKey(oss, request, async (bucket) => {
    await checkOverwrite(bucket, request, { forbid, now: oss.now() });
    const before = currentObject(bucket, request.key);
    const eTag = createHash('md5').update(target).digest('hex').toUpperCase();
    const link = { ...facts, type: 'Symlink', size: 0, eTag, crc64: '0', blobs: [], target } as const;
    const place = { key: request.key, modified: oss.now(), deleteMarker: false } as const;
    const version = await addVersion(bucket, { ...link, blobs: [], ...place });
    const headers = { ...versionHeaders(bucket, version), etag: `"${eTag}"` };
    return { status: 200, headers, change: createdChange('ObjectCreated:PutSymlink', link, before) };
  });
};
