import { namedPair, SIGNATURE } from '../crypto/asymmetric';
import { signatureValue } from '../crypto/signature-value';
import { privateKey } from '../keys/key-pair';
import { action } from '../store/action';
import { sha256Digest } from '../wire/typed-parameters';

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
