/** A value of s.yaml and where it stands, for errors that name the line's path. */
export type Place = { value: unknown; path: string };

/** The place under `key`; its value is undefined when there is none. Throws when `place` is no map. */
export function at(place: Place, key: string): Place {
  return { value: map(place)[key], path: place.path ? `${place.path}.${key}` : key };
}

/** Whether something stands there. */
export function isGiven({ value }: Place): boolean {
  return value !== undefined && value !== null;
}

export function map(place: Place): Record<string, unknown> {
  const { value } = place;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(place, 'is not a map');
  return value as Record<string, unknown>;
}

export function list(place: Place): Place[] {
  if (!Array.isArray(place.value)) throw wrong(place, 'is not a list');
  return place.value.map((value: unknown, index) => ({ value, path: `${place.path}[${index}]` }));
}

export function text(place: Place): string {
  if (typeof place.value !== 'string') throw wrong(place, 'is not a text');
  return place.value;
}

export function truth(place: Place): boolean {
  if (typeof place.value !== 'boolean') throw wrong(place, 'is not true or false');
  return place.value;
}

/** A whole number within `[least, most]`. */
export function wholeNumber(place: Place, [least, most]: readonly [number, number]): number {
  const { value } = place;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw wrong(place, `is not a whole number from ${least} to ${most}`);
  }
  return value;
}

export function oneOf<T extends string>(place: Place, values: readonly T[]): T {
  const found = values.find((value) => value === place.value);
  if (found === undefined) throw wrong(place, `is not one of ${values.join(', ')}`);
  return found;
}

/** Throws when the map at `place` has a key that is not one of `keys`. */
export function checkKeys(place: Place, keys: readonly string[]): void {
  const unknown = Object.keys(map(place)).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw wrong(at(place, unknown), 'is not a property that fc3 knows');
}

export function wrong({ path, value }: Place, what: string): Error {
  return new Error(`s.yaml: ${path} ${value === undefined ? 'is missing' : what}`);
}
