import { type GuardedAction, guardState } from '../keys/key-states';
import type { KeyService } from '../store/action';
import { pairSpec } from '../store/key';
import { invalidParameter, KmsError } from '../wire/errors';
import { parseBlob, unwrap } from './ciphertext-blob';
import { contextBytes } from './encryption-context';

export type BlobParameters = { CiphertextBlob: string; EncryptionContext?: string | undefined };

/** The text in a blob. The blob itself names the key version; one of another region is a key not found. */
export function openedBlob(kms: KeyService, action: GuardedAction, parameters: BlobParameters) {
  const context = contextBytes(parameters.EncryptionContext);
  const wrapped = parseBlob(parameters.CiphertextBlob);
  const found = kms.keys.getByVersion(wrapped.versionId);
  if (!found) throw new KmsError('Forbidden.KeyNotFound');
  guardState(action, found.key);
  if (pairSpec(found.key)) throw invalidParameter('CiphertextBlob');
  const plaintext = unwrap(found.version, { ...wrapped, context });
  return { plaintext, answer: { KeyId: found.key.id, KeyVersionId: found.version.id } };
}
