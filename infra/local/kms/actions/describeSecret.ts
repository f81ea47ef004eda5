import { arn } from '../keys/key-id';
import { findSecret, secretAnswer } from '../secrets/named-secret';
import { action } from '../store/action';

/** What is known of a secret beside its values. */
export const describeSecret = action({
  required: ['SecretName'],
  optional: ['FetchTags'],
  async run(kms, { SecretName, ...fetch }) {
    const secret = findSecret(kms, SecretName);
    const { name, description: Description, encryptionKeyId } = secret;
    return {
      Arn: arn(kms, `secret/${name}`),
      Description,
      ...secretAnswer(secret, fetch),
      ...(encryptionKeyId !== undefined && { EncryptionKeyId: encryptionKeyId }),
    };
  },
});
