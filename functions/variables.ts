import { Fault } from './fault';
import type { Check, Wrong } from './variable-checks';

export type Environment = Record<string, string | undefined>;

/** Every variable starts with this; one that starts so and is unknown is refused. */
const PREFIX = 'ENVELOPE_';

/** A variable: its check returns what is wrong, or the value. */
export type Spec<T> = {
  name: string;
  check: Check<T>;
  fallback?: string | ((home: Home) => string);
  optional?: true;
};
type Home = { region: string; account: string };
export type Specs<C> = { [K in keyof C]: Spec<C[K]> };

/** Throws one `config-invalid` that names every variable that is missing, wrong or unknown. `distinct`: fields of buckets that must differ. */
export function readConfig<C extends object>(
  environment: Environment,
  specs: Specs<C>,
  distinct: (keyof C & string)[],
): C {
  const problems = unknownNames(environment, specs);
  const config = {} as C;
  for (const field of Object.keys(specs) as (keyof C & string)[]) {
    const value = readVariable(environment, specs[field]);
    if (isWrong(value)) problems.push(`${PREFIX}${specs[field].name} ${value.wrong}`);
    else config[field] = value;
  }
  problems.push(...sameBuckets(config, specs, distinct));
  if (problems.length > 0) throw new Fault('config-invalid', `Cannot start: ${problems.join('; ')}`);
  return config;
}

function sameBuckets<C extends object>(config: C, specs: Specs<C>, fields: (keyof C & string)[]): string[] {
  const given = fields.filter((field) => config[field] !== undefined);
  const same = given.filter((field) =>
    given.some((other) => other !== field && config[other] === config[field]),
  );
  const names = same.map((field) => PREFIX + specs[field].name);
  return same.length === 0 ? [] : [`${names.join(' and ')} must be ${same.length} buckets`];
}

/** An empty variable counts as absent. FC itself sets FC_REGION and FC_ACCOUNT_ID. */
function readVariable<T>(environment: Environment, { name, check, fallback, optional }: Spec<T>): T | Wrong {
  const given = environment[PREFIX + name];
  if (given) return check(given);
  if (typeof fallback === 'string') return check(fallback);
  if (optional) return undefined as T;
  const { FC_REGION: region, FC_ACCOUNT_ID: account = '' } = environment;
  return fallback && region ? check(fallback({ region, account })) : { wrong: 'is missing' };
}

function unknownNames(environment: Environment, specs: object): string[] {
  const known = Object.values(specs).map(({ name }: { name: string }) => PREFIX + name);
  const given = Object.keys(environment).filter((name) => name.startsWith(PREFIX));
  const unknown = given.filter((name) => !known.includes(name)).map((name) => `${name} is unknown`);
  return environment.NODE_DEBUG
    ? [...unknown, 'NODE_DEBUG must not be set: Node prints requests then']
    : unknown;
}

function isWrong(value: unknown): value is Wrong {
  return typeof value === 'object' && value !== null && 'wrong' in value;
}
