/** What is done to the value at a path, names and indexes with dots between. */
export type Deed =
  | ['set', path: string, value: unknown]
  | ['rename', path: string, name: string]
  | ['drop', path: string];

/** A copy with one thing spoilt. Throws where there is nothing at the path, for then it would test nothing. */
export function spoil<T>(whole: T, [deed, path, value]: Deed): T {
  const copy = structuredClone(whole);
  const names = path.split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce<unknown>((place, name) => Object(place)[name], copy);
  if (typeof parent !== 'object' || parent === null) throw new Error(`there is no ${path}`);
  const place = parent as Record<string, unknown>;
  if (deed !== 'set' && !Object.hasOwn(place, last)) throw new Error(`there is no ${path}`);
  const before = place[last];
  if (deed !== 'set') delete place[last];
  if (deed === 'set') place[last] = value;
  if (deed === 'rename') place[value] = before;
  return copy;
}

/** Sets the value at a path, or takes it away where it is undefined. */
export function setOrDrop(path: string, value: unknown): Deed {
  return value === undefined ? ['drop', path] : ['set', path, value];
}
