import type { KeyService } from '../store/action';
import type { Key } from '../store/key';
import { KmsError } from '../wire/errors';

/** The ARN of a key id or of an alias (`alias/<name>`). */
export function arn(
  { region, accountId }: Pick<KeyService, 'region' | 'accountId'>,
  resource: string,
): string {
  return `acs:kms:${region}:${accountId}:${resource}`;
}

/**
 * The key that a KeyId names: an id, `alias/<name>`, or the ARN of either. Throws Forbidden.KeyNotFound and
 * Forbidden.AliasNotFound; another account's or region's ARN is a key not found.
 */
export function findKey(kms: KeyService, keyId: string): Key {
  const name = withoutArn(kms, keyId);
  if (!name.startsWith('alias/')) return keyOrThrow(kms, name);
  const alias = kms.aliases.get(name);
  if (!alias) throw new KmsError('Forbidden.AliasNotFound');
  return keyOrThrow(kms, alias.keyId);
}

/** The same for the actions that take no alias. Throws Unsupported.Alias and Forbidden.KeyNotFound. */
export function findKeyById(kms: KeyService, keyId: string): Key {
  const name = withoutArn(kms, keyId);
  if (name.startsWith('alias/')) throw new KmsError('Unsupported.Alias');
  return keyOrThrow(kms, name);
}

function keyOrThrow({ keys }: KeyService, id: string): Key {
  const key = keys.get(id);
  if (!key) throw new KmsError('Forbidden.KeyNotFound');
  return key;
}

function withoutArn(kms: KeyService, keyId: string): string {
  if (!keyId.startsWith('acs:')) return keyId;
  const prefix = arn(kms, '');
  if (!keyId.startsWith(prefix)) throw new KmsError('Forbidden.KeyNotFound');
  return keyId.slice(prefix.length).replace(/^key\//, '');
}
