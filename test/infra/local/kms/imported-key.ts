import { constants, createPublicKey, generateKeyPairSync, privateDecrypt, publicEncrypt } from 'node:crypto';
import type { RunningKms } from './running-kms';

const HASHES: Record<string, string> = { RSAES_OAEP_SHA_1: 'sha1', RSAES_OAEP_SHA_256: 'sha256' };

export type Import = {
  KeyId: string;
  material: Buffer;
  algorithm?: string;
  /** Seconds; 0 = never. */
  expires?: number;
  /** Instead of the parameters of the import itself. */
  overrides?: Record<string, string>;
};

/** Imports material the way an operator does: asks for a public key, encrypts for it, sends. */
export async function importMaterial(
  kms: RunningKms,
  { KeyId, material, algorithm = 'RSAES_OAEP_SHA_256', expires = 0, overrides = {} }: Import,
) {
  const wrapping = { WrappingAlgorithm: algorithm, WrappingKeySpec: 'RSA_2048' };
  const { PublicKey, ImportToken } = (
    await kms.call({ Action: 'GetParametersForImport', KeyId, ...wrapping })
  ).body as Record<string, string>;
  const key = publicKey(`${PublicKey}`);
  const EncryptedKeyMaterial = encryptFor(key, { material, algorithm });
  const parameters = {
    ...{ KeyId, EncryptedKeyMaterial, ImportToken: `${ImportToken}` },
    ...{ KeyMaterialExpireUnix: String(expires), ...overrides },
  };
  return { ...(await kms.call({ Action: 'ImportKeyMaterial', ...parameters })), parameters };
}

function publicKey(spki: string) {
  return createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });
}

function encryptFor(
  key: ReturnType<typeof publicKey>,
  { material, algorithm }: { material: Buffer; algorithm: string },
): string {
  const oaepHash = HASHES[algorithm];
  const padding = oaepHash ? constants.RSA_PKCS1_OAEP_PADDING : constants.RSA_PKCS1_PADDING;
  return publicEncrypt({ key, padding, ...(oaepHash && { oaepHash }) }, material).toString('base64');
}

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Somebody outside that data keys are exported to. */
export const recipient = {
  parameters: {
    PublicKeyBlob: pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    WrappingKeySpec: 'RSA_2048',
  },
  open(exported: unknown, oaepHash = 'sha256'): Buffer {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return privateDecrypt({ key: pair.privateKey, padding, oaepHash }, Buffer.from(`${exported}`, 'base64'));
  },
};
