import { findKeyById } from '../keys/key-id';
import { decryptMaterial, expiring, withMaterial } from '../keys/key-material';
import { guardState } from '../keys/key-states';
import { action, type KeyService } from '../store/action';
import type { Key } from '../store/key';
import { invalidParameter, KmsError } from '../wire/errors';
import { base64, wholeNumber } from '../wire/typed-parameters';

/** The last second that has a date of four digits. */
const LATEST = 253_402_300_799;

/** Gives a key of Origin EXTERNAL its material: 32 bytes, always the same. KeyMaterialExpireUnix: seconds, 0 = never. */
export const importKeyMaterial = action({
  required: ['KeyId', 'EncryptedKeyMaterial', 'ImportToken', 'KeyMaterialExpireUnix'],
  optional: [],
  async run(kms, { KeyId, EncryptedKeyMaterial, ImportToken, KeyMaterialExpireUnix }) {
    const expires = expiry(kms, KeyMaterialExpireUnix);
    const { id, origin } = findKeyById(kms, KeyId);
    if (origin !== 'EXTERNAL') throw new KmsError('Unsupported.Origin');
    const token = validToken(kms, { keyId: id, text: ImportToken });
    await kms.keys.change(id, (key) => {
      guardState('ImportKeyMaterial', key);
      const material = decryptMaterial(base64('EncryptedKeyMaterial', EncryptedKeyMaterial), token);
      return expiring(usable(withMaterial(key, material)), expires);
    });
    return {};
  },
});

function validToken({ importTokens, now }: KeyService, { keyId, text }: { keyId: string; text: string }) {
  const token = importTokens.find(text);
  if (token?.keyId !== keyId) throw new KmsError('InvalidImportToken');
  if (token.expires <= now()) throw new KmsError('ExpiredImportToken');
  return token;
}

function expiry({ now }: KeyService, text: string): number | undefined {
  const seconds = wholeNumber('KeyMaterialExpireUnix', text, { min: 0, max: LATEST });
  if (seconds === 0) return undefined;
  if (seconds * 1000 <= now()) throw invalidParameter('KeyMaterialExpireUnix', 'It is in the past.');
  return seconds * 1000;
}

function usable(key: Key): Key {
  return key.state === 'PendingImport' ? { ...key, state: 'Enabled' } : key;
}
