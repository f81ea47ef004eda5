import type { Answer } from '../store/action';
import type { Key, KeyVersion } from '../store/key';

/** A key version as CreateKeyVersion, DescribeKeyVersion and ListKeyVersions answer it. */
export function versionAnswer({ id: KeyId }: Pick<Key, 'id'>, { id, creationDate }: KeyVersion): Answer {
  return { CreationDate: creationDate, KeyId, KeyVersionId: id };
}
