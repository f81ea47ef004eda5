import { constants, createPublicKey, type KeyObject, publicEncrypt } from 'node:crypto';
import { invalidParameter } from '../wire/errors';
import { base64 } from '../wire/typed-parameters';

/** The caller's public key: SPKI DER, base64. */
export type RecipientParameters = {
  PublicKeyBlob: string;
  WrappingAlgorithm: string;
  WrappingKeySpec: string;
};

const HASHES: Record<string, string> = { RSAES_OAEP_SHA_1: 'sha1', RSAES_OAEP_SHA_256: 'sha256' };

/** `ExportedDataKey`: the data key under the caller's RSA_2048 key, base64. Throws InvalidParameter; SM2 is not offered here. */
export function exportedDataKey(dataKey: Buffer, recipient: RecipientParameters): string {
  const oaepHash = HASHES[recipient.WrappingAlgorithm];
  if (oaepHash === undefined) throw invalidParameter('WrappingAlgorithm');
  if (recipient.WrappingKeySpec !== 'RSA_2048') throw invalidParameter('WrappingKeySpec');
  const key = rsaKey(base64('PublicKeyBlob', recipient.PublicKeyBlob));
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return publicEncrypt({ key, padding, oaepHash }, dataKey).toString('base64');
  } catch {
    throw invalidParameter('NumberOfBytes', 'So long a data key does not fit into RSA_2048.');
  }
}

function rsaKey(der: Buffer): KeyObject {
  const key = publicKeyOf(der);
  if (key?.asymmetricKeyType !== 'rsa' || key.asymmetricKeyDetails?.modulusLength !== 2048) {
    throw invalidParameter('PublicKeyBlob');
  }
  return key;
}

function publicKeyOf(der: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
