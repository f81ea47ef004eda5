import { constants, createHash, createHmac, createPrivateKey, privateDecrypt } from 'node:crypto';
import { kmsDate } from '../store/date';
import type { ImportToken } from '../store/import-tokens';
import { type Key, primaryVersion, without } from '../store/key';
import { KmsError } from '../wire/errors';

/** WrappingAlgorithm of GetParametersForImport -> the hash of its OAEP; PKCS #1 v1.5 has none. */
export const IMPORT_ALGORITHMS: Record<string, string | undefined> = {
  RSAES_OAEP_SHA_1: 'sha1',
  RSAES_OAEP_SHA_256: 'sha256',
  RSAES_PKCS1_V1_5: undefined,
};

const MATERIAL_BYTES = 32;

/** The 32 bytes that were encrypted for an import token. Throws InvalidKeyMaterial. */
export function decryptMaterial(encrypted: Buffer, { algorithm, privateKey }: ImportToken): Buffer {
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
  const oaepHash = IMPORT_ALGORITHMS[algorithm];
  try {
    const material =
      oaepHash === undefined
        ? withoutPadding(privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, encrypted))
        : privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, encrypted);
    if (material.length === MATERIAL_BYTES) return material;
  } catch {
    // The same answer as for a wrong length.
  }
  throw new KmsError('InvalidKeyMaterial');
}

// By hand: Node refuses PKCS #1 v1.5, or gives random bytes for a wrong padding, depending on its OpenSSL.
function withoutPadding(block: Buffer): Buffer {
  const end = block.indexOf(0, 2);
  const isPadded = block[0] === 0 && block[1] === 2 && end >= 10;
  return isPadded ? block.subarray(end + 1) : Buffer.alloc(0);
}

/** The key with material in its version. Throws InvalidKeyMaterial unless it is the material it had before. */
export function withMaterial(key: Key, material: Buffer): Key {
  const { id, creationDate } = primaryVersion(key);
  const materialDigest = createHash('sha256').update(key.id).update(material).digest('base64');
  if (materialDigest !== (key.materialDigest ?? materialDigest)) throw new KmsError('InvalidKeyMaterial');
  // Not the material itself: two keys that share it cannot open each other's ciphertext.
  const derived = createHmac('sha256', material).update(id).digest('base64');
  return { ...key, materialDigest, versions: [{ id, creationDate, material: derived }] };
}

/** The key when its material is gone; what is about to be deleted stays so. */
export function withoutMaterial(key: Key): Key {
  const { id, creationDate } = primaryVersion(key);
  const state = key.state === 'PendingDeletion' ? key.state : 'PendingImport';
  return { ...without(key, 'materialExpireTime'), state, versions: [{ id, creationDate }] };
}

/** The key whose material ends at `expires` (ms), or never. */
export function expiring(key: Key, expires: number | undefined): Key {
  const lasting = without(key, 'materialExpireTime');
  return expires === undefined ? lasting : { ...lasting, materialExpireTime: kmsDate(expires) };
}

export function hasMaterial(key: Key): boolean {
  return primaryVersion(key).material !== undefined;
}
