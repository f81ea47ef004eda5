import { type Bucket, currentObject } from './bucket';
import { OssError } from './errors';
import type { ObjectVersion } from './versions';

/**
 * The object whose bytes a GET of this one sends: itself, or the current version of a symlink's target. Throws
 * SymlinkTargetNotExist, and InvalidTargetType for a symlink to a symlink.
 */
export function targetOf(bucket: Bucket, object: ObjectVersion): ObjectVersion {
  if (object.target === undefined) return object;
  const target = currentObject(bucket, decodedName(object.target));
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
