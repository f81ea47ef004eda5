import { KmsError, type KmsErrorCode } from './errors';
import type { Key, KeyState } from './keys';

type Rejections = Partial<Record<KeyState, KmsErrorCode>>;

const CRYPTOGRAPHY: Rejections = {
  Disabled: 'Rejected.Disabled',
  PendingDeletion: 'Rejected.PendingDeletion',
  PendingImport: 'Rejected.PendingImport',
};

/** What a key's state forbids (docs: "Impact of key states on API calls"). A state not named here allows it. */
export const REJECTIONS = {
  CreateAlias: { PendingDeletion: 'Rejected.StateModifiedFailed' },
  Decrypt: CRYPTOGRAPHY,
  GenerateDataKey: CRYPTOGRAPHY,
} as const satisfies Record<string, Rejections>;

/** Throws the documented 409 when the key's state forbids the action. */
export function guardState(action: keyof typeof REJECTIONS, key: Pick<Key, 'state'>): void {
  const rejections: Rejections = REJECTIONS[action];
  const code = rejections[key.state];
  if (code) throw new KmsError(code);
}
