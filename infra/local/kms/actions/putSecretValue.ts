import { findLiveSecret } from '../secrets/named-secret';
import { parseStages, withSecretVersion } from '../secrets/secret-stages';
import { newSecretVersion, secretValue } from '../secrets/secret-value';
import { action } from '../store/action';
import { kmsDate } from '../store/date';
import { KmsError } from '../wire/errors';

/** A new version, ACSCurrent unless told otherwise. One that is there with this value stays as it is. */
export const putSecretValue = action({
  required: ['SecretName', 'VersionId', 'SecretData'],
  optional: ['SecretDataType', 'VersionStages'],
  async run(kms, { SecretName, VersionStages, ...given }) {
    const { name } = findLiveSecret(kms, SecretName);
    const stages = parseStages(VersionStages);
    await kms.secrets.change(name, () => {
      const secret = findLiveSecret(kms, name);
      const same = secret.versions.find(({ id }) => id === given.VersionId);
      if (same && secretValue(kms, secret, same) === given.SecretData) return secret;
      if (same) throw new KmsError('Rejected.ResourceExist');
      const version = { ...newSecretVersion(kms, secret, given), stages };
      const versions = withSecretVersion(secret.versions, version);
      return { ...secret, updateTime: kmsDate(kms.now()), versions };
    });
    const version = kms.secrets.get(name)?.versions.find(({ id }) => id === given.VersionId);
    const VersionStage = [...(version?.stages ?? [])];
    return { SecretName: name, VersionId: given.VersionId, VersionStages: { VersionStage } };
  },
});
