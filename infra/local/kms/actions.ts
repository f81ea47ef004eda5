import type { Action } from './action';
import { cancelKeyDeletion } from './actions/cancelKeyDeletion';
import { createAlias } from './actions/createAlias';
import { createKey } from './actions/createKey';
import { createKeyVersion } from './actions/createKeyVersion';
import { decrypt } from './actions/decrypt';
import { deleteAlias } from './actions/deleteAlias';
import { deleteKeyMaterial } from './actions/deleteKeyMaterial';
import { describeKey } from './actions/describeKey';
import { describeKeyVersion } from './actions/describeKeyVersion';
import { describeRegions } from './actions/describeRegions';
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
import { importKeyMaterial } from './actions/importKeyMaterial';
import { listAliases } from './actions/listAliases';
import { listAliasesByKeyId } from './actions/listAliasesByKeyId';
import { listKeys } from './actions/listKeys';
import { listKeyVersions } from './actions/listKeyVersions';
import { listResourceTags } from './actions/listResourceTags';
import { reEncrypt } from './actions/reEncrypt';
import { scheduleKeyDeletion } from './actions/scheduleKeyDeletion';
import { setDeletionProtection } from './actions/setDeletionProtection';
import { setKeyPolicy } from './actions/setKeyPolicy';
import { tagResource } from './actions/tagResource';
import { untagResource } from './actions/untagResource';
import { updateAlias } from './actions/updateAlias';
import { updateKeyDescription } from './actions/updateKeyDescription';
import { updateRotationPolicy } from './actions/updateRotationPolicy';
import { KmsError } from './errors';

/** Every action, by its name in the API. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['CancelKeyDeletion', cancelKeyDeletion],
  ['CreateAlias', createAlias],
  ['CreateKey', createKey],
  ['CreateKeyVersion', createKeyVersion],
  ['Decrypt', decrypt],
  ['DeleteAlias', deleteAlias],
  ['DeleteKeyMaterial', deleteKeyMaterial],
  ['DescribeKey', describeKey],
  ['DescribeKeyVersion', describeKeyVersion],
  ['DescribeRegions', describeRegions],
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
  ['ImportKeyMaterial', importKeyMaterial],
  ['ListAliases', listAliases],
  ['ListAliasesByKeyId', listAliasesByKeyId],
  ['ListKeyVersions', listKeyVersions],
  ['ListKeys', listKeys],
  ['ListResourceTags', listResourceTags],
  ['ReEncrypt', reEncrypt],
  ['ScheduleKeyDeletion', scheduleKeyDeletion],
  ['SetDeletionProtection', setDeletionProtection],
  ['SetKeyPolicy', setKeyPolicy],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
  ['UpdateAlias', updateAlias],
  ['UpdateKeyDescription', updateKeyDescription],
  ['UpdateRotationPolicy', updateRotationPolicy],
]);

/** The action of that name. Throws UnsupportedOperation, naming it, for every other one. */
export function findAction(name: string): Action {
  const found = ACTIONS.get(name);
  if (!found) throw new KmsError('UnsupportedOperation', { why: `The local cloud has no action ${name}.` });
  return found;
}
