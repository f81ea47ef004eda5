import { findVersion, versionHeaders } from '../objects/find-version';
import { readAcl } from '../objects/object-facts';
import { saveVersion } from '../store/bucket';
import { bucketOf, changeKey, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';

/** PUT /bucket/key?acl : the ACL is in the header x-oss-object-acl. */
export const putObjectACL: Operation = (oss, request) => {
  const given = request.headers['x-oss-object-acl'];
  if (given === undefined) throw new OssError('MissingArgument');
  const acl = readAcl(bucketOf(oss, request), given);
  return changeKey(oss, request, async (bucket) => {
    const version = findVersion(bucket, request);
    const { acl: _, ...rest } = version;
    await saveVersion(bucket, acl === undefined ? rest : { ...rest, acl });
    if (acl === undefined) delete version.acl;
    else version.acl = acl;
    return { status: 200, headers: versionHeaders(bucket, version) };
  });
};
