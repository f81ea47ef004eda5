import { action } from '../action';
import { namedPair, SIGNATURE } from '../asymmetric';
import { privateKey } from '../key-pair';
import { signatureValue } from '../signature-value';
import { sha256Digest } from '../typed-parameters';

/** Signs a SHA-256 digest. ECDSA's value is DER. */
export const asymmetricSign = action({
  required: ['KeyId', 'KeyVersionId', 'Algorithm', 'Digest'],
  optional: [],
  async run(kms, { Digest, ...parameters }) {
    const digest = sha256Digest('Digest', Digest);
    const { spec, version, answer } = namedPair(kms, parameters, { ...SIGNATURE, action: 'AsymmetricSign' });
    const { Algorithm: algorithm } = parameters;
    const value = signatureValue({ digest, spec, algorithm, key: privateKey(version) });
    return { ...answer, Value: value.toString('base64') };
  },
});
