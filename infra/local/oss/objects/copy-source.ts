import type { Bucket } from '../store/bucket';
import type { Oss } from '../store/operation';
import type { ObjectVersion } from '../store/versions';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { shouldSend } from './conditions';
import { checkedVersionId, findNamed } from './find-version';
import { decodedName } from './symlink';

/** Which object a copy is made of. */
export type CopyName = { bucket: string; key: string; versionId: string | undefined };

/** The object that a copy is made of. */
export type CopySource = { bucket: Bucket; object: ObjectVersion };

const prefix = 'x-oss-copy-source-';

/** Reads x-oss-copy-source: `/bucket/key`, percent-encoded, perhaps `?versionId=`. Throws InvalidArgument. */
export function copyName({ headers }: Pick<OssRequest, 'headers'>): CopyName {
  const given = headers['x-oss-copy-source'] ?? '';
  const [path = '', query = ''] = given.split('?', 2);
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decodedName(path)) ?? [];
  const versionId = new URLSearchParams(query).get('versionId') ?? undefined;
  if (bucket !== undefined && key !== undefined)
    return { bucket, key, versionId: checkedVersionId(versionId) };
  throw new OssError('InvalidArgument', {
    message: 'Copy Source must mention the source bucket and key: /sourcebucket/sourcekey.',
    extra: { ArgumentName: 'x-oss-copy-source', ArgumentValue: given },
  });
}

/** Finds the source. Throws NoSuchBucket, NoSuchKey (also for a delete marker named by its id), NoSuchVersion. */
export function copySource(oss: Oss, request: OssRequest): CopySource {
  const name = copyName(request);
  const bucket = oss.store.buckets.get(name.bucket);
  if (!bucket) throw new OssError('NoSuchBucket', { extra: { BucketName: name.bucket } });
  try {
    return { bucket, object: findNamed(bucket, name.key, name.versionId) };
  } catch (error) {
    const marker = error instanceof OssError && error.code === 'MethodNotAllowed';
    throw marker ? new OssError('NoSuchKey', { extra: { Key: name.key } }) : error;
  }
}

/** Whether the x-oss-copy-source-if-… headers let it be copied; false means 304. Throws PreconditionFailed. */
export function mayCopy(request: OssRequest, { object }: CopySource): boolean {
  return shouldSend(request, object, prefix);
}

/** Which version was copied. */
export function copiedVersion({ bucket, object }: CopySource): Record<string, string> {
  return bucket.versioning === undefined ? {} : { 'x-oss-copy-source-version-id': object.versionId };
}
