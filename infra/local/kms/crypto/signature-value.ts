import { constants, createPublicKey, type KeyObject, privateEncrypt, publicDecrypt } from 'node:crypto';
import type { PairSpec } from '../store/key';
import { CURVES, ecdsaSign, isEcdsaOf } from './ecdsa';
import { derOf, readDer } from './ecdsa-der';
import { isPssOf, pssEncoded } from './pss';

/** A digest (32 bytes, SHA-256) to be signed, and with what. */
export type ToSign = { digest: Buffer; spec: PairSpec; algorithm: string; key: KeyObject };

// DigestInfo of SHA-256 (RFC 8017, 9.2).
const SHA_256 = Buffer.from('3031300d060960864801650304020105000420', 'hex');
const RAW = constants.RSA_NO_PADDING;

export function signatureValue({ digest, spec, algorithm, key }: ToSign): Buffer {
  if (spec === 'EC_P256' || spec === 'EC_P256K') {
    const privateKey = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
    return derOf(ecdsaSign(digest, { curve: CURVES[spec], privateKey }));
  }
  if (algorithm === 'RSA_PSS_SHA_256') {
    return privateEncrypt({ key, padding: RAW }, pssEncoded(digest, modulusBytes(key)));
  }
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.concat([SHA_256, digest]));
}

export function isSignatureValue(value: Buffer, { digest, spec, algorithm, key }: ToSign): boolean {
  if (spec === 'EC_P256' || spec === 'EC_P256K') {
    const signature = readDer(value);
    const publicKey = pointOf(key);
    return signature !== undefined && isEcdsaOf(signature, { digest, curve: CURVES[spec], publicKey });
  }
  const isPss = algorithm === 'RSA_PSS_SHA_256';
  const opened = openedWith(key, { value, padding: isPss ? RAW : constants.RSA_PKCS1_PADDING });
  if (!opened) return false;
  return isPss ? isPssOf(opened, digest) : opened.equals(Buffer.concat([SHA_256, digest]));
}

function openedWith(
  key: KeyObject,
  { value, padding }: { value: Buffer; padding: number },
): Buffer | undefined {
  try {
    return publicDecrypt({ key: createPublicKey(key), padding }, value);
  } catch {
    return undefined;
  }
}

function modulusBytes(key: KeyObject): number {
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
}

function pointOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
}
