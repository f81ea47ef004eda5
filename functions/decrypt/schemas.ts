import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import { Fault } from '../fault';
import openapi from './openapi.json';

type Operation = { parameters: { $ref: string }[] };
type Parameter = { name: string; required?: boolean; schema: { $ref?: string; type?: string } };
type Fields = Record<string, unknown>;

const schemas = openapi.components.schemas as Record<string, Schema>;
const parameters = openapi.components.parameters as Record<string, Parameter>;

/** The body of POST /downloads, and the payload of InvokeFunction. Throws `request-invalid`, naming what is wrong. */
export const checkBody = checker({ $ref: '#/components/schemas/DownloadRequest' });

/** A check of an operation's parameters, of path and query together, as text. It throws `request-invalid`. */
export function parameterCheck({ parameters: refs }: Operation): (given: Record<string, string>) => Fields {
  const own = refs.map(({ $ref }) => parameters[lastOf($ref)] as Parameter);
  const check = checker({
    type: 'object',
    additionalProperties: false,
    required: own.filter(({ required }) => required).map(({ name }) => name),
    properties: Object.fromEntries(own.map(({ name, schema }) => [name, schema as Schema])),
  });
  const whole = own.filter(({ schema }) => resolved(schema).type === 'integer').map(({ name }) => name);
  return (given) => check({ ...given, ...numbers(given, whole) });
}

function checker(schema: Schema): (json: unknown) => Fields {
  const validator = new Validator({ ...schema, components: { schemas } } as Schema, '2020-12');
  return (json) => {
    const why = reason(schema, () => validator.validate(json).errors);
    if (why !== undefined) throw new Fault('request-invalid', `Cannot read the request: ${why}`);
    return json as Fields;
  };
}

/** What is wrong, in words: a schema's title says what its value must be. */
function reason(schema: Schema, validate: () => OutputUnit[]): string | undefined {
  const error = attempt(validate)?.at(-1);
  if (!error) return undefined;
  const { keyword, instanceLocation, error: told } = error;
  if (keyword === 'required') return `field ${/".*"/s.exec(told)?.[0]} is missing`;
  const name = nameAt(instanceLocation);
  if (name === undefined) return 'it must be a JSON object';
  const field = `field ${JSON.stringify(name.slice(0, 64))}`;
  if (keyword === 'false') return `${field} is unknown`;
  const { title } = resolved(resolved(schema).properties?.[name] as Schema) as { title?: string };
  return `${field} must be ${title}`;
}

/** The validator throws at names that no URI can hold. */
function attempt(validate: () => OutputUnit[]): OutputUnit[] {
  try {
    return validate();
  } catch {
    throw new Fault('request-invalid', 'Cannot read the request: the name of a field is malformed');
  }
}

/** A JSON pointer as a URI fragment, `#/name`. */
function nameAt(location: string): string | undefined {
  const segment = location.split('/')[1];
  return segment && decodeURI(segment).replaceAll('~1', '/').replaceAll('~0', '~');
}

function resolved(schema: { $ref?: string }): Schema {
  return schema.$ref === undefined ? (schema as Schema) : (schemas[lastOf(schema.$ref)] as Schema);
}

function lastOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

function numbers(given: Record<string, string>, names: string[]): Record<string, number> {
  const whole = names.filter((name) => /^\d{1,15}$/.test(given[name] ?? ''));
  return Object.fromEntries(whole.map((name) => [name, Number(given[name])]));
}
