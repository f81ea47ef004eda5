import { parseDocument } from 'yaml';
import { readConditions } from './conditions';
import { NO_VALUE, resolve, type Scope } from './intrinsics';
import { referencesIn } from './references';
import { fields, oneOf, type Shape, text } from './shape';

/** A resource of a template; `properties` have their functions applied when they are asked for. */
export type Resource = {
  type: string;
  /** Logical ids, of those that its properties name too. */
  dependsOn: string[];
  readonly properties: unknown;
};

export type TemplateOptions = {
  accountId: string;
  region: string;
  /** By name; the template's defaults where absent. */
  parameters?: Record<string, string>;
  /** What a resource that was made answers to Fn::GetAtt, beside what its properties say. */
  made?: (id: string) => Record<string, string> | undefined;
};

/** What a resource type answers to Fn::GetAtt, from its resolved properties. */
export type Attributes = Record<string, (properties: Record<string, unknown>, accountId: string) => string>;

export type Template = {
  /** By their logical ids, without those whose condition does not hold. */
  resources: Map<string, Resource>;
  outputs(): Record<string, string>;
};

/**
 * Reads a ROS template, format version 2015-09-01. `types` are those that are known, with their attributes. Throws an
 * Error that names the first section, type, parameter, condition, attribute or function that the local cloud does not
 * know or that is missing.
 */
export function readTemplate(
  yaml: string,
  types: Record<string, Attributes>,
  options: TemplateOptions,
): Template {
  const { Resources, Parameters = {}, Conditions = {}, Outputs = {} } = sections(parseYaml(yaml), '');
  const all = declaredResources(Resources, types);
  const values = parameterValues(Parameters, options);
  const parameter = (name: string) => values.get(name);
  const condition = readConditions(Conditions, parameter);
  const scope: Scope = { parameter, attribute, condition };
  const isThere = ({ Condition }: { Condition?: string }) => Condition === undefined || condition(Condition);
  const declared = new Map([...all].filter(([, resource]) => isThere(resource)));

  function attribute(id: string, name: string): string {
    const made = options.made?.(id) ?? {};
    if (Object.hasOwn(made, name) && made[name] !== undefined) return made[name];
    const resource = declared.get(id);
    const attributes = types[resource?.Type ?? ''] ?? {};
    const read = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (!resource || !read) throw new Error(`Fn::GetAtt: the local cloud knows no ${id}.${name}`);
    return read(Object(resolve(resource.Properties, scope)), options.accountId);
  }

  const resources = [...declared].map(([id, { Type, DependsOn, Properties }]): [string, Resource] => [
    id,
    {
      type: Type,
      dependsOn: [...namesIn(DependsOn), ...referencesIn(Properties).attributes.map(([other]) => other)],
      get properties() {
        return resolve(Properties, scope);
      },
    },
  ]);
  return { resources: new Map(resources), outputs: () => readOutputs(Outputs, scope, isThere) };
}

function namesIn(dependsOn: unknown): string[] {
  return [dependsOn ?? []].flat().map(String);
}

const anything: Shape<unknown> = (value) => value;
const sections = fields(
  { ROSTemplateFormatVersion: oneOf('2015-09-01'), Resources: recordOf(anything) },
  {
    Description: anything,
    Metadata: anything,
    Parameters: recordOf(anything),
    Conditions: recordOf(anything),
    Outputs: recordOf(anything),
  },
);
const parameterFields = fields(
  { Type: oneOf('String', 'Number', 'Boolean') },
  { Default: anything, Description: anything, Label: anything, AllowedPattern: text(), NoEcho: anything },
);
const resourceFields = fields(
  { Type: text() },
  {
    Properties: anything,
    DependsOn: anything,
    DeletionPolicy: oneOf('Delete', 'Retain'),
    Condition: text(),
    Metadata: anything,
  },
);
const outputFields = fields({ Value: anything }, { Description: text(), Condition: text(), Label: anything });

let last: { yaml: string; parsed: unknown } | undefined;

/** Whoever deploys the same template again need not wait for it again. Nobody changes what comes of it. */
function parseYaml(yaml: string): unknown {
  if (last?.yaml !== yaml) last = { yaml, parsed: parseStrictly(yaml) };
  return last.parsed;
}

// A short form such as !Sub would otherwise be read as a plain text.
function parseStrictly(yaml: string): unknown {
  const document = parseDocument(yaml);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw new Error(problem.message.split('\n')[0]);
  return document.toJS();
}

function declaredResources(resources: Record<string, unknown>, types: Record<string, Attributes>) {
  const read = Object.entries(resources).map(([id, value]) => {
    const resource = resourceFields(value, `Resources.${id}`);
    if (Object.hasOwn(types, resource.Type)) return [id, resource] as const;
    throw new Error(`Resources.${id}.Type: the local cloud does not know ${resource.Type}`);
  });
  return new Map(read);
}

function readOutputs(
  declared: Record<string, unknown>,
  scope: Scope,
  isThere: (one: { Condition?: string }) => boolean,
): Record<string, string> {
  const read = Object.entries(declared).map(
    ([name, value]) => [name, outputFields(value, `Outputs.${name}`)] as const,
  );
  const present = read.filter(([, output]) => isThere(output));
  return Object.fromEntries(present.map(([name, { Value }]) => [name, String(resolve(Value, scope))]));
}

function parameterValues(
  declared: Record<string, unknown>,
  { accountId, region, parameters = {} }: TemplateOptions,
): Map<string, unknown> {
  const unknown = Object.keys(parameters).find((name) => !Object.hasOwn(declared, name));
  if (unknown !== undefined) throw new Error(`Parameters has no ${unknown}`);
  const own = Object.entries(declared).map(([name, value]) => {
    const { Default, AllowedPattern } = parameterFields(value, `Parameters.${name}`);
    const given = (Object.hasOwn(parameters, name) ? parameters[name] : undefined) ?? Default;
    if (given === undefined) throw new Error(`Parameters.${name} has no value and no default`);
    return [
      name,
      AllowedPattern
        ? text(new RegExp(AllowedPattern), `like ${AllowedPattern}`)(given, `Parameters.${name}`)
        : given,
    ] as const;
  });
  return new Map<string, unknown>([
    ...own,
    ['ALIYUN::AccountId', accountId],
    ['ALIYUN::TenantId', accountId],
    ['ALIYUN::Region', region],
    ['ALIYUN::NoValue', NO_VALUE],
  ]);
}

function recordOf<T>(item: Shape<T>): Shape<Record<string, T>> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Error(`${path} is not an object`);
    }
    const entries = Object.entries(value).map(([name, one]) => [name, item(one, `${path}.${name}`)] as const);
    return Object.fromEntries(entries);
  };
}
