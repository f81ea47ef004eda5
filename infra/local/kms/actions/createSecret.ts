import { arn } from '../keys/key-id';
import { parseTags, withTags } from '../keys/tags';
import { checkSecretName } from '../secrets/named-secret';
import { CURRENT } from '../secrets/secret-stages';
import { newSecretVersion } from '../secrets/secret-value';
import { action } from '../store/action';
import { kmsDate } from '../store/date';
import type { Secret } from '../store/secret';
import { invalidParameter, KmsError } from '../wire/errors';

/** A generic secret with its first version, which is ACSCurrent. */
export const createSecret = action({
  required: ['SecretName', 'VersionId', 'SecretData'],
  optional: ['SecretDataType', 'EncryptionKeyId', 'Description', 'Tags', 'SecretType', 'DKMSInstanceId'],
  async run(kms, { SecretName: name, Description: description = '', EncryptionKeyId, Tags, ...wanted }) {
    const { SecretType = 'Generic' } = wanted;
    const why = `The local cloud has no secrets of type ${SecretType}.`;
    if (SecretType !== 'Generic') throw new KmsError('UnsupportedOperation', { why });
    checkSecretName(name);
    if (description.length > 8192) throw invalidParameter('Description');
    const owner = { name, ...(EncryptionKeyId !== undefined && { encryptionKeyId: EncryptionKeyId }) };
    const version = { ...newSecretVersion(kms, owner, wanted), stages: [CURRENT] };
    const { createTime } = version;
    const tags = Tags === undefined ? [] : withTags([], parseTags(Tags));
    const made = {
      ...owner,
      description,
      createTime,
      updateTime: kmsDate(kms.now()),
      tags,
      versions: [version],
    };
    await kms.secrets.change(name, (there) => checkFree(there) ?? made);
    const { VersionId } = wanted;
    return { Arn: arn(kms, `secret/${name}`), SecretName: name, SecretType, VersionId };
  },
});

function checkFree(there: Secret | undefined): undefined {
  if (!there) return undefined;
  throw new KmsError(
    there.deleteTime === undefined ? 'Rejected.ResourceExist' : 'Rejected.ResourceInDeleteWindow',
  );
}
