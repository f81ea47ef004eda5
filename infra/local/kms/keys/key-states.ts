import type { Key, KeyState } from '../store/key';
import { KmsError, type KmsErrorCode } from '../wire/errors';

type Rejections = Partial<Record<KeyState, KmsErrorCode>>;

const ENABLED_ONLY: Rejections = {
  Disabled: 'Rejected.Disabled',
  PendingDeletion: 'Rejected.PendingDeletion',
  PendingImport: 'Rejected.PendingImport',
};
const ON_OR_OFF: Rejections = {
  PendingDeletion: 'Rejected.StateModifiedFailed',
  PendingImport: 'Rejected.StateModifiedFailed',
};
const NOT_AT_ITS_END: Rejections = { PendingDeletion: 'Rejected.StateModifiedFailed' };
const NOT_PENDING_DELETION: Rejections = { PendingDeletion: 'Rejected.PendingDeletion' };

/**
 * What a key's state forbids (docs: "Impact of key states on API calls"). A state not named here allows it, an
 * action not named here is allowed in all. The actions that the page leaves out follow their likes.
 */
const REJECTIONS = {
  AsymmetricDecrypt: ENABLED_ONLY,
  AsymmetricEncrypt: ENABLED_ONLY,
  AsymmetricSign: ENABLED_ONLY,
  AsymmetricVerify: ENABLED_ONLY,
  CancelKeyDeletion: {
    Disabled: 'Rejected.StateModifiedFailed',
    Enabled: 'Rejected.StateModifiedFailed',
    PendingImport: 'Rejected.StateModifiedFailed',
  },
  CreateAlias: NOT_AT_ITS_END,
  CreateKeyVersion: ENABLED_ONLY,
  Decrypt: ENABLED_ONLY,
  DisableKey: ON_OR_OFF,
  EnableKey: ON_OR_OFF,
  Encrypt: ENABLED_ONLY,
  ExportDataKey: ENABLED_ONLY,
  GenerateAndExportDataKey: ENABLED_ONLY,
  GenerateDataKey: ENABLED_ONLY,
  GenerateDataKeyWithoutPlaintext: ENABLED_ONLY,
  ImportKeyMaterial: NOT_AT_ITS_END,
  ReEncrypt: ENABLED_ONLY,
  ScheduleKeyDeletion: NOT_AT_ITS_END,
  SetDeletionProtection: NOT_PENDING_DELETION,
  TagResource: NOT_PENDING_DELETION,
  UntagResource: NOT_PENDING_DELETION,
  UpdateAlias: NOT_PENDING_DELETION,
  UpdateKeyDescription: NOT_PENDING_DELETION,
  UpdateRotationPolicy: ENABLED_ONLY,
} as const satisfies Record<string, Rejections>;

export type GuardedAction = keyof typeof REJECTIONS;

/** Throws the documented 409 when the key's state forbids the action. */
export function guardState(action: GuardedAction, key: Pick<Key, 'state'>): void {
  const rejections: Rejections = REJECTIONS[action];
  const code = rejections[key.state];
  if (code) throw new KmsError(code);
}
