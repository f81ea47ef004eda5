import { randomBytes, randomUUID } from 'node:crypto';
import { action } from '../action';
import { invalidParameter, KmsError } from '../errors';
import { keyMetadata, kmsDate } from '../key-metadata';
import type { Key } from '../keys';

const OFFERED: Record<string, readonly string[]> = {
  KeySpec: ['Aliyun_AES_256'],
  KeyUsage: ['ENCRYPT/DECRYPT'],
  Origin: ['Aliyun_KMS'],
  ProtectionLevel: ['SOFTWARE', 'HSM'],
  EnableAutomaticRotation: ['false'],
};

/** A symmetric key with its first version. Other kinds of keys answer UnsupportedOperation here. */
export const createKey = action({
  required: [],
  optional: ['Description', 'KeySpec', 'KeyUsage', 'Origin', 'ProtectionLevel', 'EnableAutomaticRotation'],
  async run(kms, parameters) {
    checkOffered(parameters);
    const { Description: description = '', ProtectionLevel: protectionLevel = 'SOFTWARE' } = parameters;
    if (description.length > 8192) throw invalidParameter('Description');
    const key = newKey({ description, protectionLevel, creationDate: kmsDate(kms.now()) });
    await kms.keys.save(key);
    return { KeyMetadata: keyMetadata(kms, key) };
  },
});

function checkOffered(parameters: Record<string, string>): void {
  for (const [name, values] of Object.entries(OFFERED)) {
    const value = parameters[name];
    if (value === undefined || values.includes(value)) continue;
    throw new KmsError('UnsupportedOperation', {
      why: `The local cloud makes no key with ${name} ${value}.`,
    });
  }
}

function newKey(facts: Pick<Key, 'description' | 'protectionLevel' | 'creationDate'>): Key {
  const { creationDate } = facts;
  const version = { id: randomUUID(), material: randomBytes(32).toString('base64'), creationDate };
  return { id: randomUUID(), state: 'Enabled', ...facts, versions: [version] };
}
