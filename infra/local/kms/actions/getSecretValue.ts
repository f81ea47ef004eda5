import { findLiveSecret } from '../secrets/named-secret';
import { CURRENT } from '../secrets/secret-stages';
import { secretValue } from '../secrets/secret-value';
import { action } from '../store/action';
import { KmsError } from '../wire/errors';

/** The value of a version: of this id, of this stage, of both; without either the current one. */
export const getSecretValue = action({
  required: ['SecretName'],
  optional: ['VersionStage', 'VersionId', 'FetchExtendedConfig'],
  async run(kms, { SecretName, VersionId, VersionStage = VersionId === undefined ? CURRENT : undefined }) {
    const secret = findLiveSecret(kms, SecretName);
    const version = secret.versions.find(
      ({ id, stages }) =>
        (VersionId ?? id) === id && (VersionStage === undefined || stages.includes(VersionStage)),
    );
    if (!version) throw new KmsError('Forbidden.ResourceNotFound');
    return {
      SecretName: secret.name,
      SecretType: 'Generic',
      VersionId: version.id,
      SecretData: secretValue(kms, secret, version),
      SecretDataType: version.dataType,
      CreateTime: version.createTime,
      VersionStages: { VersionStage: [...version.stages] },
    };
  },
});
