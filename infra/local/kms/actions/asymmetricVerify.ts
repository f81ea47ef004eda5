import { namedPair, SIGNATURE } from '../crypto/asymmetric';
import { isSignatureValue } from '../crypto/signature-value';
import { privateKey } from '../keys/key-pair';
import { action } from '../store/action';
import { base64, sha256Digest } from '../wire/typed-parameters';

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
