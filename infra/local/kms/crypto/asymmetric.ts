import { findKey } from '../keys/key-id';
import { type GuardedAction, guardState } from '../keys/key-states';
import type { KeyService } from '../store/action';
import { type Key, type KeyUsage, type PairSpec, pairSpec } from '../store/key';
import { invalidParameter, KmsError } from '../wire/errors';

export type PairParameters = { KeyId: string; KeyVersionId: string; Algorithm: string };
type Wanted = {
  action: GuardedAction;
  usage: KeyUsage;
  algorithms: Partial<Record<PairSpec, readonly string[]>>;
};

const OAEP = ['RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1'];
const RSA_SIGNATURES = ['RSA_PSS_SHA_256', 'RSA_PKCS1_SHA_256'];

/** Docs: "AsymmetricEncrypt", "AsymmetricSign"; SM2 is not offered here. */
export const ENCRYPTION: Omit<Wanted, 'action'> = {
  usage: 'ENCRYPT/DECRYPT',
  algorithms: { RSA_2048: OAEP, RSA_3072: OAEP },
};
export const SIGNATURE: Omit<Wanted, 'action'> = {
  usage: 'SIGN/VERIFY',
  algorithms: {
    RSA_2048: RSA_SIGNATURES,
    RSA_3072: RSA_SIGNATURES,
    EC_P256: ['ECDSA_SHA_256'],
    EC_P256K: ['ECDSA_SHA_256'],
  },
};

/**
 * The version of an asymmetric key that a call names, checked to be there and made for it; there is no primary one.
 * Throws Forbidden.KeyNotFound, Forbidden.KeyVersionNotFound, the 409 of its state, Rejected.UnsupportedOperation for
 * a key of another kind and InvalidParameter for an algorithm that is not the key's.
 */
export function namedPair(
  kms: KeyService,
  parameters: PairParameters,
  { action, usage, algorithms }: Wanted,
) {
  const { spec, ...named } = namedVersion(kms, parameters);
  guardState(action, named.key);
  const offered = algorithms[spec];
  if (!offered || named.key.usage !== usage) throw new KmsError('Rejected.UnsupportedOperation');
  if (!offered.includes(parameters.Algorithm)) throw invalidParameter('Algorithm');
  return { spec, ...named };
}

/** The same for every state, usage and algorithm. */
export function namedVersion(kms: KeyService, { KeyId, KeyVersionId }: Omit<PairParameters, 'Algorithm'>) {
  const key = findKey(kms, KeyId);
  const spec = pairSpec(key);
  if (!spec) throw new KmsError('Rejected.UnsupportedOperation');
  const version = key.versions.find(({ id }) => id === KeyVersionId);
  if (!version) throw new KmsError('Forbidden.KeyVersionNotFound');
  return { key, spec, version, answer: { KeyId: key.id, KeyVersionId: version.id } };
}

/** Throws Rejected.UnsupportedOperation: data keys are wrapped under symmetric keys only. */
export function checkSymmetric(key: Key): void {
  if (pairSpec(key)) throw new KmsError('Rejected.UnsupportedOperation');
}

/** `RSAES_OAEP_SHA_1` -> `sha1` */
export function oaepHash(algorithm: string): string {
  return algorithm === 'RSAES_OAEP_SHA_1' ? 'sha1' : 'sha256';
}
