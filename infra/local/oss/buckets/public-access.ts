import type { Bucket, BucketAcl } from '../store/bucket';
import type { ObjectAcl } from '../store/versions';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { parseXml, text } from '../wire/xml';

/** Whether the bucket refuses public ACLs and policies, and ignores those it has. */
export function blocksPublicAccess({ settings }: Pick<Bucket, 'settings'>): boolean {
  const document = settings.get('publicAccessBlock');
  if (document === undefined) return false;
  return text(parseXml(document, 'PublicAccessBlockConfiguration'), 'BlockPublicAccess') === 'true';
}

/** Reads x-oss-acl. Throws InvalidArgument for what is no ACL of a bucket. */
export function bucketAcl({ headers }: OssRequest): BucketAcl | undefined {
  const acl = headers['x-oss-acl'];
  if (acl === undefined || isBucketAcl(acl)) return acl;
  throw new OssError('InvalidArgument', {
    message: 'no such bucket access control exists',
    extra: { ArgumentName: 'x-oss-acl', ArgumentValue: acl },
  });
}

function isBucketAcl(acl: string): acl is BucketAcl {
  return ['private', 'public-read', 'public-read-write'].includes(acl);
}

/** Throws AccessDenied when an object of the bucket is to become public and the bucket refuses that. */
export function refusePublicObject(bucket: Pick<Bucket, 'settings'>, acl: ObjectAcl | undefined): void {
  if (acl === undefined || acl === 'private' || !blocksPublicAccess(bucket)) return;
  throw new OssError('AccessDenied', { message: 'Put public object acl is not allowed' });
}

/** Throws AccessDenied when the bucket is to become public and refuses that. */
export function refusePublic(bucket: Pick<Bucket, 'settings'>, what: 'acl' | 'policy'): void {
  if (!blocksPublicAccess(bucket)) return;
  throw new OssError('AccessDenied', { message: `Put public bucket ${what} is not allowed` });
}
