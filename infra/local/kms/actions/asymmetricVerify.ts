import { action } from '../action';
import { namedPair, SIGNATURE } from '../asymmetric';
import { privateKey } from '../key-pair';
import { isSignatureValue } from '../signature-value';
import { base64, sha256Digest } from '../typed-parameters';

/** `Value` of the answer says whether the signature is one of the digest. */
export const asymmetricVerify = action({
  required: ['KeyId', 'KeyVersionId', 'Algorithm', 'Digest', 'Value'],
  optional: [],
  async run(kms, { Digest, Value, ...parameters }) {
    const [digest, value] = [sha256Digest('Digest', Digest), base64('Value', Value)];
    const { spec, version, answer } = namedPair(kms, parameters, {
      ...SIGNATURE,
      action: 'AsymmetricVerify',
    });
    const { Algorithm: algorithm } = parameters;
    return {
      ...answer,
      Value: isSignatureValue(value, { digest, spec, algorithm, key: privateKey(version) }),
    };
  },
});
