import { type Bucket, currentObject } from '../store/bucket';
import type { Oss } from '../store/operation';
import type { ObjectVersion } from '../store/versions';
import { OssError } from '../wire/errors';

/**
 * The object whose bytes a GET of this one sends: itself, or the current version of a symlink's target, which the caller
 * must be allowed to read as well. Throws AccessDenied, SymlinkTargetNotExist, and InvalidTargetType for a symlink to a
 * symlink.
 */
export function targetOf(
  { checkKey }: Pick<Oss, 'checkKey'>,
  bucket: Bucket,
  object: ObjectVersion,
): ObjectVersion {
  if (object.target === undefined) return object;
  const key = decodedName(object.target);
  checkKey('GetObject', { bucket: bucket.name, key });
  const target = currentObject(bucket, key);
  if (!target) throw new OssError('SymlinkTargetNotExist');
  if (target.type === 'Symlink') throw new OssError('InvalidTargetType');
  return target;
}

/** A name out of a header, where it is percent-encoded and a plus sign is a space. Throws InvalidArgument. */
export function decodedName(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    throw new OssError('InvalidArgument', { message: `The name ${encoded} is not percent-encoded UTF-8.` });
  }
}
