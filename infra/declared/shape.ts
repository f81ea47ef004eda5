/** Reads one value of foreign JSON. Throws an Error whose message begins with `path` and says what is wrong. */
export type Shape<T> = (value: unknown, path: string) => T;

type Shapes = Record<string, Shape<unknown>>;
type Read<S> = S extends Shape<infer T> ? T : never;
type Reads<F extends Shapes> = { [K in keyof F]: Read<F[K]> };
type OneOfReads<F extends Shapes> = { [K in keyof F]: { [P in K]: Read<F[K]> } }[keyof F];

/** A text; `words` says what one looks like where a pattern is given. */
export function text(pattern = /./s, words = 'a text that is not empty'): Shape<string> {
  return (value, path) => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw wrong(path, value, words);
  };
}

export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): Shape<number> {
  return (value, path) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw wrong(path, value, `a whole number from ${least} to ${most}`);
  };
}

export function oneOf<const T extends string | boolean>(...values: T[]): Shape<T> {
  return (value, path) => {
    const found = values.find((one) => one === value);
    if (found !== undefined) return found;
    throw wrong(path, value, `one of ${values.join(', ')}`);
  };
}

/** A time as ISO 8601, read as milliseconds since 1970. */
export const time: Shape<number> = (value, path) => {
  const ms = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw wrong(path, value, 'a time such as 2026-11-21T00:00:00Z');
};

export function listOf<T>(item: Shape<T>): Shape<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw wrong(path, value, 'a list');
    return value.map((one: unknown, index) => item(one, `${path}[${index}]`));
  };
}

/** An object with these fields and no other. */
export function fields<R extends Shapes, O extends Shapes = Record<never, Shape<unknown>>>(
  required: R,
  optional?: O,
): Shape<Reads<R> & Partial<Reads<O>>> {
  const known: Shapes = { ...required, ...optional };
  return (value, path) => {
    const given = objectAt(value, path);
    refuseUnknown(given, { known, path });
    const missing = Object.keys(required).find((name) => given[name] === undefined);
    if (missing !== undefined) throw wrong(below(path, missing), undefined, '');
    return readAll(given, { known, path }) as Reads<R> & Partial<Reads<O>>;
  };
}

/** An object with exactly one of these fields. */
export function oneField<F extends Shapes>(choices: F): Shape<OneOfReads<F>> {
  return (value, path) => {
    const given = objectAt(value, path);
    refuseUnknown(given, { known: choices, path });
    if (Object.keys(given).length === 1) return readAll(given, { known: choices, path }) as OneOfReads<F>;
    throw wrong(path, value, `an object with exactly one of ${Object.keys(choices).join(', ')}`);
  };
}

type Fields = { known: Shapes; path: string };

function objectAt(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { ...value } as Record<string, unknown>;
  throw wrong(path, value, 'an object');
}

function refuseUnknown(given: Record<string, unknown>, { known, path }: Fields): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  throw new Error(
    `${below(path, unknown)} is not a field that is known here: ${Object.keys(known).join(', ')}`,
  );
}

function readAll(given: Record<string, unknown>, { known, path }: Fields): Record<string, unknown> {
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    present.map(([name, value]) => [name, known[name]?.(value, below(path, name))] as const),
  );
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function wrong(path: string, value: unknown, words: string): Error {
  return new Error(`${path || 'it'} ${value === undefined ? 'is missing' : `is not ${words}`}`);
}
