import type { KeyService } from '../store/action';
import { isAliasName } from '../store/aliases';
import { kmsDate } from '../store/date';
import { KEY_ORIGINS, KEY_STATES, type Key, type KeyVersion } from '../store/key';
import { withMaterial, withoutMaterial } from './key-material';

/** `material`: 32 bytes, base64; of a key of Origin EXTERNAL it is what was imported. */
type SeededVersion = { versionId: string; material: string };

/** `versions`: oldest first; the last one is the primary version unless `primary` names another. */
export type SeededKey = {
  keyId: string;
  versions: readonly SeededVersion[];
  /** Enabled unless given. */
  state?: string;
  /** Aliyun_KMS unless given. */
  origin?: string;
  primary?: string;
  description?: string;
};

/** Keys with fixed ids and material, so that ciphertext opens on every machine that has the same seed. */
export type KmsSeed = {
  keys?: readonly SeededKey[];
  aliases?: readonly { aliasName: string; keyId: string }[];
};

const KEY_ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;
const VERSION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DELETION_DAYS = 30;

/**
 * Makes the keys and aliases of a seed that are not there yet; what is there stays as it is. Rejects with an Error
 * that names what is wrong before anything is made.
 */
export async function plantSeed(kms: KeyService, { keys = [], aliases = [] }: KmsSeed): Promise<void> {
  const planted = keys.map((seeded) => keyOf(kms, seeded));
  checkUnique(
    'keyId',
    planted.map(({ id }) => id),
  );
  checkUnique(
    'versionId',
    planted.flatMap(({ versions }) => versions.map(({ id }) => id)),
  );
  checkUnique(
    'aliasName',
    aliases.map(({ aliasName }) => aliasName),
  );
  const ids = new Set([...kms.keys.list(), ...planted].map(({ id }) => id));
  for (const { aliasName, keyId } of aliases) {
    if (!isAliasName(aliasName)) throw wrong(`${aliasName} is not an alias name`);
    if (!ids.has(keyId)) throw wrong(`${aliasName} names the key ${keyId}, which is not there`);
  }
  for (const key of planted) if (!kms.keys.get(key.id)) await kms.keys.add(key);
  for (const { aliasName: name, keyId } of aliases) await kms.aliases.add({ name, keyId });
}

function keyOf(kms: KeyService, seeded: SeededKey): Key {
  const { keyId, state = 'Enabled', origin = 'Aliyun_KMS', primary, description = '' } = seeded;
  if (!KEY_ID.test(keyId)) throw wrong(`${keyId} is not a key id: letters, digits and -, 64 at most`);
  const key: Key = {
    id: keyId,
    description,
    protectionLevel: 'SOFTWARE',
    creationDate: kmsDate(kms.now()),
    state: oneOf(KEY_STATES, state, `the state of ${keyId}`),
    origin: oneOf(KEY_ORIGINS, origin, `the origin of ${keyId}`),
    versions: versionsOf(kms, seeded),
    ...(primary !== undefined && { primaryVersionId: primary }),
    ...(state === 'PendingDeletion' && { deleteDate: kmsDate(kms.now() + DELETION_DAYS * 86_400_000) }),
  };
  if (primary !== undefined && !key.versions.some(({ id }) => id === primary)) {
    throw wrong(`the primary version ${primary} is none of ${keyId}`);
  }
  return key.origin === 'EXTERNAL' ? imported(key) : checkGenerated(key);
}

function versionsOf(kms: KeyService, { keyId, versions }: SeededKey): [KeyVersion, ...KeyVersion[]] {
  const [first, ...others] = versions.map((seeded) => versionOf(kms, { keyId, ...seeded }));
  if (!first) throw wrong(`${keyId} has no version`);
  return [first, ...others];
}

function versionOf(
  { keys, now }: KeyService,
  { keyId, versionId, material }: SeededVersion & { keyId: string },
): KeyVersion {
  if (!VERSION_ID.test(versionId)) throw wrong(`${versionId} is not a version id: a UUID in lower case`);
  const owner = keys.getByVersion(versionId)?.key.id ?? keyId;
  if (owner !== keyId) throw wrong(`the version ${versionId} belongs to ${owner} already`);
  const bytes = Buffer.from(material, 'base64');
  if (bytes.length !== 32 || bytes.toString('base64') !== material) {
    throw wrong(`the material of ${versionId} is not base64 of 32 bytes`);
  }
  return { id: versionId, material, creationDate: kmsDate(now()) };
}

function imported(key: Key): Key {
  if (key.versions.length > 1) throw wrong(`${key.id} has more than one version, but its origin is EXTERNAL`);
  const given = withMaterial(key, Buffer.from(key.versions[0].material ?? '', 'base64'));
  return key.state === 'PendingImport' ? withoutMaterial(given) : given;
}

function checkGenerated(key: Key): Key {
  if (key.state === 'PendingImport')
    throw wrong(`${key.id} is PendingImport, but its origin is not EXTERNAL`);
  return key;
}

function oneOf<T extends string>(values: readonly T[], value: string, what: string): T {
  const found = values.find((one) => one === value);
  if (!found) throw wrong(`${what} is ${value}, not one of ${values.join(', ')}`);
  return found;
}

function checkUnique(what: string, values: string[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw wrong(`the ${what} ${twice} is there twice`);
}

function wrong(why: string): Error {
  return new Error(`Cannot use the KMS seed: ${why}`);
}
