import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { ENCRYPTION, namedPair, oaepHash } from '../crypto/asymmetric';
import { privateKey } from '../keys/key-pair';
import { action } from '../store/action';
import { invalidParameter } from '../wire/errors';
import { base64 } from '../wire/typed-parameters';

/** 190 to 342 bytes at most, by key and hash. */
export const asymmetricEncrypt = action({
  required: ['KeyId', 'KeyVersionId', 'Algorithm', 'Plaintext'],
  optional: [],
  async run(kms, { Plaintext, ...parameters }) {
    const plaintext = base64('Plaintext', Plaintext);
    const { version, answer } = namedPair(kms, parameters, { ...ENCRYPTION, action: 'AsymmetricEncrypt' });
    const key = createPublicKey(privateKey(version));
    const options = {
      key,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: oaepHash(parameters.Algorithm),
    };
    try {
      return { ...answer, CiphertextBlob: publicEncrypt(options, plaintext).toString('base64') };
    } catch {
      throw invalidParameter('Plaintext');
    }
  },
});
