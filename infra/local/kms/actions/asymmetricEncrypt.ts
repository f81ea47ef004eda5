import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { action } from '../action';
import { ENCRYPTION, namedPair, oaepHash } from '../asymmetric';
import { invalidParameter } from '../errors';
import { privateKey } from '../key-pair';
import { base64 } from '../typed-parameters';

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
