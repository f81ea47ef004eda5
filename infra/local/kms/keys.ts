import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, saveJson } from '../ram/saved-json';

export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingImport';

/** `material`: 32 random bytes, base64. A version is a key of its own: old ones only open. */
export type KeyVersion = { id: string; material: string; creationDate: string };

/** `versions`: oldest first; the last one is the primary version. Dates are `2026-11-20T23:57:01Z`. */
export type Key = {
  id: string;
  description: string;
  state: KeyState;
  protectionLevel: string;
  creationDate: string;
  versions: readonly [KeyVersion, ...KeyVersion[]];
};

export type Keys = {
  get(id: string): Key | undefined;
  getByVersion(versionId: string): { key: Key; version: KeyVersion } | undefined;
  /** Adds or replaces a key; durable when the promise resolves. */
  save(key: Key): Promise<void>;
};

/** Opens the keys kept in `folder`: `<key id>.json` each, mode 0600. */
export async function openKeys(folder: string): Promise<Keys> {
  const keys = new Map<string, Key>();
  for (const key of await savedKeys(folder)) keys.set(key.id, key);

  function getByVersion(versionId: string) {
    for (const key of keys.values()) {
      const version = key.versions.find(({ id }) => id === versionId);
      if (version) return { key, version };
    }
    return undefined;
  }

  async function save(key: Key): Promise<void> {
    await saveJson(join(folder, `${key.id}.json`), key);
    keys.set(key.id, key);
  }

  return { get: (id) => keys.get(id), getByVersion, save };
}

/** The version that new data keys are wrapped under. */
export function primaryVersion(key: Key): KeyVersion {
  return key.versions.at(-1) ?? key.versions[0];
}

async function savedKeys(folder: string): Promise<Key[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keys: Key[] = [];
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.json'))) {
    const key = await readJson<Key>(join(folder, file));
    if (key) keys.push(key);
  }
  return keys;
}
