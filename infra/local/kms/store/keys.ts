import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { savedIn, saveJson } from '../../data/saved-json';
import type { Key, KeyVersion } from './key';

export type Keys = {
  get(id: string): Key | undefined;
  getByVersion(versionId: string): { key: Key; version: KeyVersion } | undefined;
  /** Oldest first. */
  list(): Key[];
  /** Adds a key; durable when the promise resolves. */
  add(key: Key): Promise<void>;
  /**
   * Replaces a key by what `change` makes of it, one change after the other; durable when the promise resolves.
   * A change that throws changes nothing, one that gives undefined removes the key.
   */
  change(id: string, change: (key: Key) => Key | undefined): Promise<void>;
};

/** Opens the keys kept in `folder`: `<key id>.json` each, mode 0600. */
export async function createKeys(folder: string): Promise<Keys> {
  const keys = new Map<string, Key>();
  const owners = new Map<string, string>();
  let lastChange: Promise<unknown> = Promise.resolve();
  for (const key of (await savedIn<Key>(folder)).values()) keep(key);

  function keep(key: Key): void {
    keys.set(key.id, key);
    for (const version of key.versions) owners.set(version.id, key.id);
  }

  function getByVersion(versionId: string) {
    const key = keys.get(owners.get(versionId) ?? '');
    const version = key?.versions.find(({ id }) => id === versionId);
    return key && version && { key, version };
  }

  async function save(key: Key): Promise<void> {
    await saveJson(join(folder, `${key.id}.json`), key);
    keep(key);
  }

  async function remove(id: string): Promise<void> {
    await rm(join(folder, `${id}.json`), { force: true });
    keys.delete(id);
  }

  async function changeNow(id: string, change: (key: Key) => Key | undefined): Promise<void> {
    const key = keys.get(id);
    const changed = key && change(key);
    if (changed) await save(changed);
    if (key && !changed) await remove(id);
  }

  function change(id: string, change: (key: Key) => Key | undefined): Promise<void> {
    const changed = lastChange.then(() => changeNow(id, change));
    lastChange = changed.catch(() => undefined);
    return changed;
  }

  return {
    get: (id) => keys.get(id),
    getByVersion,
    list: () => [...keys.values()].sort(byAge),
    add: save,
    change,
  };
}

function byAge(a: Key, b: Key): number {
  if (a.creationDate !== b.creationDate) return a.creationDate < b.creationDate ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
