import { page } from '../keys/paging';
import { findSecret } from '../secrets/named-secret';
import { action } from '../store/action';
import { trueOrFalse } from '../wire/typed-parameters';

/** The versions of a secret, oldest first; those without a stage where IncludeDeprecated is true. */
export const listSecretVersionIds = action({
  required: ['SecretName'],
  optional: ['IncludeDeprecated', 'PageNumber', 'PageSize'],
  async run(kms, { SecretName, IncludeDeprecated = 'false', ...parameters }) {
    const { name, versions } = findSecret(kms, SecretName);
    const all = trueOrFalse('IncludeDeprecated', IncludeDeprecated)
      ? versions
      : versions.filter(({ stages }) => stages.length > 0);
    const { items, numbers } = page(parameters, { all, sizes: { min: 1, max: 100 } });
    const VersionId = items.map(({ id, createTime, stages }) => ({
      VersionId: id,
      CreateTime: createTime,
      VersionStages: { VersionStage: [...stages] },
    }));
    return { SecretName: name, VersionIds: { VersionId }, ...numbers };
  },
});
