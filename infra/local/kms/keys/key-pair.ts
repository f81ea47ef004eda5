import { createPrivateKey, generateKeyPair, type KeyObject, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { kmsDate } from '../store/date';
import type { KeyVersion, PairSpec } from '../store/key';

const newPair = promisify(generateKeyPair);

/** A version of an asymmetric key that KMS makes itself. */
export async function newPairVersion(spec: PairSpec, now: number): Promise<KeyVersion> {
  const material = (await privateKeyOf(spec)).export({ format: 'der', type: 'pkcs8' }).toString('base64');
  return { id: randomUUID(), material, creationDate: kmsDate(now) };
}

/** The private key in a version of an asymmetric key. */
export function privateKey({ material = '' }: KeyVersion): KeyObject {
  return createPrivateKey({ key: Buffer.from(material, 'base64'), format: 'der', type: 'pkcs8' });
}

async function privateKeyOf(spec: PairSpec): Promise<KeyObject> {
  switch (spec) {
    case 'RSA_2048':
      return (await newPair('rsa', { modulusLength: 2048 })).privateKey;
    case 'RSA_3072':
      return (await newPair('rsa', { modulusLength: 3072 })).privateKey;
    case 'EC_P256':
      return (await newPair('ec', { namedCurve: 'prime256v1' })).privateKey;
    case 'EC_P256K':
      return (await newPair('ec', { namedCurve: 'secp256k1' })).privateKey;
  }
}
