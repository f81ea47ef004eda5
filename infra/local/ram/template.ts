import { parseDocument } from 'yaml';
import { fields, oneOf, type Shape, text } from '../shape';
import { NO_VALUE, resolve, type Scope } from './intrinsics';

/** A resource of a template, its functions applied. */
export type Resource = { type: string; properties: unknown };

export type TemplateOptions = {
  accountId: string;
  region: string;
  /** By name; the template's defaults where absent. */
  parameters?: Record<string, string>;
};

/** What a resource type answers to Fn::GetAtt, from its resolved properties. */
export type Attributes = Record<string, (properties: Record<string, unknown>, accountId: string) => string>;

/**
 * Reads a ROS template, format version 2015-09-01: the resources by their logical ids. `types` are those that are
 * known, with their attributes. Throws an Error that names the first section, type, parameter, attribute or function
 * that the local cloud does not know or that is missing.
 */
export function readTemplate(
  yaml: string,
  types: Record<string, Attributes>,
  options: TemplateOptions,
): Map<string, Resource> {
  const { Resources, Parameters = {} } = sections(parseYaml(yaml), '');
  const declared = declaredResources(Resources, types);
  const values = parameterValues(Parameters, options);
  const scope: Scope = { parameter: (name) => values.get(name), attribute };

  function attribute(id: string, name: string): string {
    const resource = declared.get(id);
    const read = resource && types[resource.Type]?.[name];
    if (!read) throw new Error(`Fn::GetAtt: the local cloud knows no ${id}.${name}`);
    return read(Object(resolve(resource.Properties, scope)), options.accountId);
  }

  const resolved = [...declared].map(
    ([id, { Type, Properties }]) => [id, { type: Type, properties: resolve(Properties, scope) }] as const,
  );
  return new Map(resolved);
}

const anything: Shape<unknown> = (value) => value;
const sections = fields(
  { ROSTemplateFormatVersion: oneOf('2015-09-01'), Resources: recordOf(anything) },
  { Description: anything, Metadata: anything, Parameters: recordOf(anything), Outputs: anything },
);
const parameterFields = fields(
  { Type: oneOf('String', 'Number', 'Boolean') },
  { Default: anything, Description: anything, Label: anything, AllowedPattern: text(), NoEcho: anything },
);
const resourceFields = fields(
  { Type: text() },
  { Properties: anything, DependsOn: anything, DeletionPolicy: anything, Metadata: anything },
);

// A short form such as !Sub would otherwise be read as a plain text.
function parseYaml(yaml: string): unknown {
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

function parameterValues(
  declared: Record<string, unknown>,
  { accountId, region, parameters = {} }: TemplateOptions,
): Map<string, unknown> {
  const unknown = Object.keys(parameters).find((name) => !Object.hasOwn(declared, name));
  if (unknown !== undefined) throw new Error(`Parameters has no ${unknown}`);
  const own = Object.entries(declared).map(([name, value]) => {
    const { Default, AllowedPattern } = parameterFields(value, `Parameters.${name}`);
    const given = parameters[name] ?? Default;
    if (given === undefined) throw new Error(`Parameters.${name} has no value and no default`);
    return [
      name,
      AllowedPattern ? text(new RegExp(AllowedPattern))(given, `Parameters.${name}`) : given,
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
