import { parseDocument } from 'yaml';
import { fields, oneOf, type Shape, text } from '../../declared/shape';

/** A ROS template as its text says it, nothing resolved. */
export type Document = {
  Parameters?: Record<string, ParameterDeclaration>;
  Conditions?: Record<string, unknown>;
  Resources: Record<string, ResourceDeclaration>;
  Outputs?: Record<string, { Value: unknown }>;
};
type ParameterDeclaration = ReturnType<typeof parameter>;
export type ResourceDeclaration = ReturnType<typeof resource>;

const anything: Shape<unknown> = (value) => value;
const parameter = fields(
  { Type: oneOf('String', 'Number', 'Boolean', 'Json', 'CommaDelimitedList') },
  {
    AllowedPattern: text(),
    AllowedValues: anything,
    AssociationProperty: text(),
    ConstraintDescription: text(),
    Default: anything,
    Description: anything,
    Label: anything,
    MaxLength: anything,
    MaxValue: anything,
    MinLength: anything,
    MinValue: anything,
    NoEcho: anything,
  },
);
const resource = fields(
  { Type: text() },
  {
    Properties: anything,
    DependsOn: anything,
    DeletionPolicy: oneOf('Delete', 'Retain'),
    Condition: text(),
    Metadata: anything,
    Count: anything,
  },
);
const output = fields({ Value: anything }, { Description: anything, Condition: text(), Label: anything });
const template = fields(
  { ROSTemplateFormatVersion: oneOf('2015-09-01'), Resources: recordOf(resource) },
  {
    Description: anything,
    Metadata: anything,
    Mappings: anything,
    Rules: anything,
    Locals: anything,
    Transform: anything,
    Workspace: anything,
    Parameters: recordOf(parameter),
    Conditions: recordOf(anything),
    Outputs: recordOf(output),
  },
);

/** CreateStack takes no more (docs). */
const MOST_BYTES = 524_288;
const MOST_RESOURCES = 200;

/** The value of a template's text. Throws an Error where it is no YAML, or has short forms of functions. */
export function readYaml(yaml: string): unknown {
  if (Buffer.byteLength(yaml) > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES} bytes`);
  const document = parseDocument(yaml);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw problem;
  return document.toJS();
}

/** Reads a template by sections and attributes. Throws an Error that names what ROS would not take. */
export function readDocument(value: unknown): Document {
  const read = template(value, '');
  if (Object.keys(read.Resources).length > MOST_RESOURCES) throw new Error('Resources are more than 200');
  return read;
}

function recordOf<T>(item: Shape<T>): Shape<Record<string, T>> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Error(`${path} is not a map`);
    }
    const entries = Object.entries(value).map(([name, one]) => [name, item(one, `${path}.${name}`)] as const);
    return Object.fromEntries(entries);
  };
}
