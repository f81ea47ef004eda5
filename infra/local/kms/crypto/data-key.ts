import { randomBytes } from 'node:crypto';
import { findKey } from '../keys/key-id';
import { type GuardedAction, guardState } from '../keys/key-states';
import type { KeyService } from '../store/action';
import { primaryVersion } from '../store/key';
import { invalidParameter } from '../wire/errors';
import { wholeNumber } from '../wire/typed-parameters';
import { checkSymmetric } from './asymmetric';
import { wrap } from './ciphertext-blob';
import { contextBytes } from './encryption-context';

const BYTES: Record<string, number> = { AES_256: 32, AES_128: 16 };

/** What the actions that make a data key are asked. */
export type DataKeyParameters = {
  KeyId: string;
  KeySpec?: string;
  NumberOfBytes?: string;
  EncryptionContext?: string;
};

/** A random data key and what every action that makes one answers of it. */
export function newDataKey(kms: KeyService, action: GuardedAction, parameters: DataKeyParameters) {
  const length = lengthOf(parameters);
  const context = contextBytes(parameters.EncryptionContext);
  const key = findKey(kms, parameters.KeyId);
  guardState(action, key);
  checkSymmetric(key);
  const version = primaryVersion(key);
  const dataKey = randomBytes(length);
  const CiphertextBlob = wrap(version, { plaintext: dataKey.toString('base64'), context });
  return { dataKey, answer: { CiphertextBlob, KeyId: key.id, KeyVersionId: version.id } };
}

function lengthOf({ KeySpec = 'AES_256', NumberOfBytes }: DataKeyParameters): number {
  if (NumberOfBytes !== undefined) return wholeNumber('NumberOfBytes', NumberOfBytes, { min: 1, max: 1024 });
  const bytes = BYTES[KeySpec];
  if (bytes === undefined) throw invalidParameter('KeySpec');
  return bytes;
}
