import { asymmetricDecrypt } from './actions/asymmetricDecrypt';
import { asymmetricEncrypt } from './actions/asymmetricEncrypt';
import { asymmetricSign } from './actions/asymmetricSign';
import { asymmetricVerify } from './actions/asymmetricVerify';
import { cancelKeyDeletion } from './actions/cancelKeyDeletion';
import { createAlias } from './actions/createAlias';
import { createKey } from './actions/createKey';
import { createKeyVersion } from './actions/createKeyVersion';
import { createSecret } from './actions/createSecret';
import { decrypt } from './actions/decrypt';
import { deleteAlias } from './actions/deleteAlias';
import { deleteKeyMaterial } from './actions/deleteKeyMaterial';
import { deleteSecret } from './actions/deleteSecret';
import { describeKey } from './actions/describeKey';
import { describeKeyVersion } from './actions/describeKeyVersion';
import { describeRegions } from './actions/describeRegions';
import { describeSecret } from './actions/describeSecret';
import { describeService } from './actions/describeService';
import { disableKey } from './actions/disableKey';
import { enableKey } from './actions/enableKey';
import { encrypt } from './actions/encrypt';
import { exportDataKey } from './actions/exportDataKey';
import { generateAndExportDataKey } from './actions/generateAndExportDataKey';
import { generateDataKey } from './actions/generateDataKey';
import { generateDataKeyWithoutPlaintext } from './actions/generateDataKeyWithoutPlaintext';
import { getKeyPolicy } from './actions/getKeyPolicy';
import { getParametersForImport } from './actions/getParametersForImport';
import { getPublicKey } from './actions/getPublicKey';
import { getRandomPassword } from './actions/getRandomPassword';
import { getSecretValue } from './actions/getSecretValue';
import { importKeyMaterial } from './actions/importKeyMaterial';
import { listAliases } from './actions/listAliases';
import { listAliasesByKeyId } from './actions/listAliasesByKeyId';
import { listKeys } from './actions/listKeys';
import { listKeyVersions } from './actions/listKeyVersions';
import { listResourceTags } from './actions/listResourceTags';
import { listSecrets } from './actions/listSecrets';
import { listSecretVersionIds } from './actions/listSecretVersionIds';
import { putSecretValue } from './actions/putSecretValue';
import { reEncrypt } from './actions/reEncrypt';
import { restoreSecret } from './actions/restoreSecret';
import { scheduleKeyDeletion } from './actions/scheduleKeyDeletion';
import { setDeletionProtection } from './actions/setDeletionProtection';
import { setKeyPolicy } from './actions/setKeyPolicy';
import { tagResource } from './actions/tagResource';
import { untagResource } from './actions/untagResource';
import { updateAlias } from './actions/updateAlias';
import { updateKeyDescription } from './actions/updateKeyDescription';
import { updateRotationPolicy } from './actions/updateRotationPolicy';
import { updateSecret } from './actions/updateSecret';
import { updateSecretVersionStage } from './actions/updateSecretVersionStage';
import type { Action } from './store/action';
import { KmsError } from './wire/errors';

/** Every action, by its name in the API. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['AsymmetricDecrypt', asymmetricDecrypt],
  ['AsymmetricEncrypt', asymmetricEncrypt],
  ['AsymmetricSign', asymmetricSign],
  ['AsymmetricVerify', asymmetricVerify],
  ['CancelKeyDeletion', cancelKeyDeletion],
  ['CreateAlias', createAlias],
  ['CreateKey', createKey],
  ['CreateKeyVersion', createKeyVersion],
  ['CreateSecret', createSecret],
  ['Decrypt', decrypt],
  ['DeleteAlias', deleteAlias],
  ['DeleteKeyMaterial', deleteKeyMaterial],
  ['DeleteSecret', deleteSecret],
  ['DescribeKey', describeKey],
  ['DescribeKeyVersion', describeKeyVersion],
  ['DescribeRegions', describeRegions],
  ['DescribeSecret', describeSecret],
  ['DescribeService', describeService],
  ['DisableKey', disableKey],
  ['EnableKey', enableKey],
  ['Encrypt', encrypt],
  ['ExportDataKey', exportDataKey],
  ['GenerateAndExportDataKey', generateAndExportDataKey],
  ['GenerateDataKey', generateDataKey],
  ['GenerateDataKeyWithoutPlaintext', generateDataKeyWithoutPlaintext],
  ['GetKeyPolicy', getKeyPolicy],
  ['GetParametersForImport', getParametersForImport],
  ['GetPublicKey', getPublicKey],
  ['GetRandomPassword', getRandomPassword],
  ['GetSecretValue', getSecretValue],
  ['ImportKeyMaterial', importKeyMaterial],
  ['ListAliases', listAliases],
  ['ListAliasesByKeyId', listAliasesByKeyId],
  ['ListKeyVersions', listKeyVersions],
  ['ListKeys', listKeys],
  ['ListResourceTags', listResourceTags],
  ['ListSecretVersionIds', listSecretVersionIds],
  ['ListSecrets', listSecrets],
  ['PutSecretValue', putSecretValue],
  ['ReEncrypt', reEncrypt],
  ['RestoreSecret', restoreSecret],
  ['ScheduleKeyDeletion', scheduleKeyDeletion],
  ['SetDeletionProtection', setDeletionProtection],
  ['SetKeyPolicy', setKeyPolicy],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
  ['UpdateAlias', updateAlias],
  ['UpdateKeyDescription', updateKeyDescription],
  ['UpdateRotationPolicy', updateRotationPolicy],
  ['UpdateSecret', updateSecret],
  ['UpdateSecretVersionStage', updateSecretVersionStage],
]);

/** The action of that name. Throws UnsupportedOperation, naming it, for every other one. */
export function findAction(name: string): Action {
  const found = ACTIONS.get(name);
  if (!found) throw new KmsError('UnsupportedOperation', { why: `The local cloud has no action ${name}.` });
  return found;
}
