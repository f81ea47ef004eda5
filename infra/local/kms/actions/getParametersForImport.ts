import { findKeyById } from '../keys/key-id';
import { IMPORT_ALGORITHMS } from '../keys/key-material';
import { action } from '../store/action';
import { kmsDate } from '../store/date';
import { invalidParameter, KmsError } from '../wire/errors';

/** A public key and a token, good for 24 hours and this key, to import material with. SM2 is not offered here. */
export const getParametersForImport = action({
  required: ['KeyId', 'WrappingAlgorithm', 'WrappingKeySpec'],
  optional: [],
  async run(kms, { KeyId, WrappingAlgorithm: algorithm, WrappingKeySpec }) {
    if (!Object.hasOwn(IMPORT_ALGORITHMS, algorithm)) throw invalidParameter('WrappingAlgorithm');
    if (WrappingKeySpec !== 'RSA_2048') throw invalidParameter('WrappingKeySpec');
    const key = findKeyById(kms, KeyId);
    if (key.origin !== 'EXTERNAL') throw new KmsError('Unsupported.Origin');
    const { token, publicKey } = await kms.importTokens.issue({ keyId: key.id, algorithm });
    return {
      ImportToken: token.token,
      KeyId: key.id,
      PublicKey: publicKey,
      TokenExpireTime: kmsDate(token.expires),
    };
  },
});
