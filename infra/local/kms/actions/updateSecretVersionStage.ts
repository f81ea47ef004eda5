import { findLiveSecret } from '../secrets/named-secret';
import { CURRENT, marked, PREVIOUS, unmarked } from '../secrets/secret-stages';
import { action } from '../store/action';
import { kmsDate } from '../store/date';
import type { SecretVersion } from '../store/secret';
import { invalidParameter, KmsError } from '../wire/errors';

type Wanted = { VersionStage: string; RemoveFromVersion?: string; MoveToVersion?: string };

/** Puts a stage on a version, takes it from one, or both. ACSCurrent and ACSPrevious can only be moved. */
export const updateSecretVersionStage = action({
  required: ['SecretName', 'VersionStage'],
  optional: ['RemoveFromVersion', 'MoveToVersion'],
  async run(kms, { SecretName, ...wanted }) {
    const { name } = findLiveSecret(kms, SecretName);
    await kms.secrets.change(name, () => {
      const secret = findLiveSecret(kms, name);
      return { ...secret, updateTime: kmsDate(kms.now()), versions: moved(secret.versions, wanted) };
    });
    return { SecretName: name };
  },
});

function moved(versions: readonly SecretVersion[], wanted: Wanted): readonly SecretVersion[] {
  const { VersionStage: stage, RemoveFromVersion: from, MoveToVersion: to } = wanted;
  const isOurs = stage === CURRENT || stage === PREVIOUS;
  if (to === undefined && (from === undefined || isOurs)) {
    throw new KmsError('MissingParameter', { parameter: 'MoveToVersion' });
  }
  for (const id of [from, to]) {
    if (id !== undefined && !versions.some((version) => version.id === id)) {
      throw new KmsError('Forbidden.ResourceNotFound');
    }
  }
  const holder = versions.find(({ stages }) => stages.includes(stage))?.id;
  if (from !== undefined && from !== holder) throw invalidParameter('RemoveFromVersion');
  return to === undefined ? unmarked(versions, stage) : marked(versions, { stage, id: to });
}
