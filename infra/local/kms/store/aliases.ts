import { readJson, saveJson } from '../../data/saved-json';

/** `name` begins with `alias/`. */
type Alias = { name: string; keyId: string };

export type Aliases = {
  get(name: string): Alias | undefined;
  /** By name, ascending. */
  list(): Alias[];
  /** False when the name is taken; durable when the promise resolves to true. */
  add(alias: Alias): Promise<boolean>;
  /** False when there is no alias of that name. */
  move(alias: Alias): Promise<boolean>;
  /** False when there is no alias of that name. */
  remove(name: string): Promise<boolean>;
  /** All that name this key. */
  removeOf(keyId: string): Promise<void>;
};

// `alias/acs...` belongs to the cloud's own services.
const NAME = /^alias\/(?!acs)[A-Za-z0-9_/-]{1,249}$/;

/** `alias/` and what follows, 255 characters at most (docs: "Overview of aliases"). */
export function isAliasName(name: string): boolean {
  return NAME.test(name);
}

/** Opens the aliases kept in one JSON file. Changes are written one after the other. */
export async function createAliases(file: string): Promise<Aliases> {
  let aliases = (await readJson<Alias[]>(file)) ?? [];
  let lastChange: Promise<unknown> = Promise.resolve();

  async function replace(changed: Alias[]): Promise<void> {
    const sorted = changed.sort((a, b) => (a.name < b.name ? -1 : 1));
    await saveJson(file, sorted);
    aliases = sorted;
  }

  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const changed = lastChange.then(change);
    lastChange = changed.catch(() => undefined);
    return changed;
  }

  const add = (alias: Alias) =>
    inTurn(async () => {
      if (get(alias.name)) return false;
      await replace([...aliases, alias]);
      return true;
    });

  const move = (alias: Alias) =>
    inTurn(async () => {
      if (!get(alias.name)) return false;
      await replace([...aliases.filter(({ name }) => name !== alias.name), alias]);
      return true;
    });

  const remove = (name: string) =>
    inTurn(async () => {
      if (!get(name)) return false;
      await replace(aliases.filter((alias) => alias.name !== name));
      return true;
    });

  const removeOf = (keyId: string) =>
    inTurn(async () => {
      const left = aliases.filter((alias) => alias.keyId !== keyId);
      if (left.length < aliases.length) await replace(left);
    });

  function get(name: string): Alias | undefined {
    return aliases.find((alias) => alias.name === name);
  }

  return { get, list: () => aliases, add, move, remove, removeOf };
}
