import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { savedIn, saveJson } from '../../data/saved-json';
import { type Secret, secretFile } from './secret';

export type Secrets = {
  get(name: string): Secret | undefined;
  /** By name, ascending. */
  list(): Secret[];
  /**
   * Replaces what is there under a name by what `change` makes of it, one change after the other; durable when the
   * promise resolves. A change that throws changes nothing, one that gives undefined removes the secret.
   */
  change(name: string, change: (secret: Secret | undefined) => Secret | undefined): Promise<void>;
};

/** Opens the secrets kept in `folder`, a file each, mode 0600. */
export async function createSecrets(folder: string): Promise<Secrets> {
  const saved = [...(await savedIn<Secret>(folder)).values()];
  const secrets = new Map(saved.map((secret) => [secret.name, secret]));
  let lastChange: Promise<unknown> = Promise.resolve();

  async function replace(name: string, secret: Secret | undefined): Promise<void> {
    const file = join(folder, secretFile({ name }));
    await (secret ? saveJson(file, secret) : rm(file, { force: true }));
    if (secret) secrets.set(name, secret);
    else secrets.delete(name);
  }

  function change(name: string, change: (secret: Secret | undefined) => Secret | undefined): Promise<void> {
    const changed = lastChange.then(() => replace(name, change(secrets.get(name))));
    lastChange = changed.catch(() => undefined);
    return changed;
  }

  const list = () => [...secrets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { get: (name) => secrets.get(name), list, change };
}
