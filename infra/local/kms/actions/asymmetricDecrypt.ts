import { constants, privateDecrypt } from 'node:crypto';
import { ENCRYPTION, namedPair, oaepHash } from '../crypto/asymmetric';
import { privateKey } from '../keys/key-pair';
import { action } from '../store/action';
import { invalidParameter } from '../wire/errors';
import { base64 } from '../wire/typed-parameters';

export const asymmetricDecrypt = action({
  required: ['KeyId', 'KeyVersionId', 'Algorithm', 'CiphertextBlob'],
  optional: [],
  async run(kms, { CiphertextBlob, ...parameters }) {
    const ciphertext = base64('CiphertextBlob', CiphertextBlob);
    const { version, answer } = namedPair(kms, parameters, { ...ENCRYPTION, action: 'AsymmetricDecrypt' });
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const options = { key: privateKey(version), padding, oaepHash: oaepHash(parameters.Algorithm) };
    try {
      return { ...answer, Plaintext: privateDecrypt(options, ciphertext).toString('base64') };
    } catch {
      throw invalidParameter('CiphertextBlob');
    }
  },
});
