import { readJson, saveJson } from '../ram/saved-json';

/** `name` begins with `alias/`. */
type Alias = { name: string; keyId: string };

export type Aliases = {
  get(name: string): Alias | undefined;
  /** By name, ascending. */
  list(): Alias[];
  /** False when the name is taken; durable when the promise resolves to true. */
  add(alias: Alias): Promise<boolean>;
};

/** Opens the aliases kept in one JSON file. Changes are written one after the other. */
export async function openAliases(file: string): Promise<Aliases> {
  let aliases = (await readJson<Alias[]>(file)) ?? [];
  let lastChange: Promise<unknown> = Promise.resolve();

  async function addNow(alias: Alias): Promise<boolean> {
    if (get(alias.name)) return false;
    const added = [...aliases, alias].sort((a, b) => (a.name < b.name ? -1 : 1));
    await saveJson(file, added);
    aliases = added;
    return true;
  }

  function add(alias: Alias): Promise<boolean> {
    const change = lastChange.then(() => addNow(alias));
    lastChange = change.catch(() => undefined);
    return change;
  }

  function get(name: string): Alias | undefined {
    return aliases.find((alias) => alias.name === name);
  }

  return { get, list: () => aliases, add };
}
