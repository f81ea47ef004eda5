import { findKeyById } from '../keys/key-id';
import { type GuardedAction, guardState } from '../keys/key-states';
import type { KeyService } from '../store/action';
import type { Tag } from '../store/key';
import { KmsError } from '../wire/errors';
import { findLiveSecret } from './named-secret';

/** What TagResource and UntagResource are told: a key or a secret. */
export type Tagged = { KeyId?: string; SecretName?: string };
type Change = { action: GuardedAction; change: (tags: readonly Tag[]) => Tag[] };

/** Changes the tags of a key or a secret. Throws MissingParameter where neither is named. */
export async function changeTags(kms: KeyService, { KeyId, SecretName }: Tagged, { action, change }: Change) {
  if (SecretName) {
    const { name } = findLiveSecret(kms, SecretName);
    return kms.secrets.change(name, (secret) => secret && { ...secret, tags: change(secret.tags) });
  }
  if (!KeyId) throw new KmsError('MissingParameter', { parameter: 'KeyId' });
  return kms.keys.change(findKeyById(kms, KeyId).id, (key) => {
    guardState(action, key);
    return { ...key, tags: change(key.tags ?? []) };
  });
}
