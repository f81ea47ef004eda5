import { createHash } from 'node:crypto';
import { addVersion, currentObject } from '../bucket';
import { OssError } from '../errors';
import { created } from '../event';
import { versionHeaders } from '../find-version';
import { checkObjectName } from '../names';
import { forbidsOverwrite, objectFacts } from '../object-facts';
import { bucketOf, changeKey, type Operation } from '../operation';
import { checkOverwrite } from '../overwrite';
import { decodedName } from '../symlink';

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
    return { status: 200, headers, change: created('ObjectCreated:PutSymlink', link, before) };
  });
};
