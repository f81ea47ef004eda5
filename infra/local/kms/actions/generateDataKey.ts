import { randomBytes } from 'node:crypto';
import { action } from '../action';
import { wrap } from '../ciphertext-blob';
import { contextBytes } from '../encryption-context';
import { invalidParameter } from '../errors';
import { findKey } from '../key-id';
import { guardState } from '../key-states';
import { primaryVersion } from '../keys';

const BYTES: Record<string, number> = { AES_256: 32, AES_128: 16 };

/** A data key, plain and wrapped under the key's primary version. KMS keeps nothing of it. */
export const generateDataKey = action({
  required: ['KeyId'],
  optional: ['KeySpec', 'NumberOfBytes', 'EncryptionContext'],
  async run(kms, { KeyId, KeySpec = 'AES_256', NumberOfBytes, EncryptionContext }) {
    const length = NumberOfBytes === undefined ? bytesOf(KeySpec) : numberOfBytes(NumberOfBytes);
    const context = contextBytes(EncryptionContext);
    const key = findKey(kms, KeyId);
    guardState('GenerateDataKey', key);
    const version = primaryVersion(key);
    const plaintext = randomBytes(length).toString('base64');
    return {
      CiphertextBlob: wrap(version, { plaintext, context }),
      KeyId: key.id,
      KeyVersionId: version.id,
      Plaintext: plaintext,
    };
  },
});

function bytesOf(keySpec: string): number {
  const bytes = BYTES[keySpec];
  if (bytes === undefined) throw invalidParameter('KeySpec');
  return bytes;
}

function numberOfBytes(text: string): number {
  const bytes = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (bytes < 1 || bytes > 1024) throw invalidParameter('NumberOfBytes');
  return bytes;
}
