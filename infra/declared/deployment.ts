import { readFile } from 'node:fs/promises';
import { TYPES } from './resource-types';
import { readResources, variablesAskedBy } from './s-yaml';
import { readStack } from './stack';
import { readTemplate } from './template';

/** What s.yaml says of a function, its variables resolved. */
export type DeclaredFunction = {
  /** Its name in s.yaml: encrypt, decrypt, sweep. */
  resource: string;
  functionName: string;
  environmentVariables: Record<string, string>;
  asyncInvokeConfig?: Record<string, unknown>;
  triggers?: DeclaredTrigger[];
} & Record<string, unknown>;

export type DeclaredTrigger = {
  triggerName: string;
  triggerType: string;
  sourceArn?: string;
  invocationRole?: string;
  triggerConfig: Record<string, unknown>;
};

export type Tags = Record<string, unknown>;

/** What should be there, by s.yaml and the template that it names. */
export type Declared = {
  functions: DeclaredFunction[];
  /** Properties of resources by their ids in the template: Inbox, Vault, Downloads, AccessLogs. */
  buckets: Map<string, Tags>;
  key: Tags;
  /** Names that s.yaml takes from the environment. */
  names: string[];
  /** Those of them without a default and without a value. */
  unset: string[];
};

export type Home = { accountId: string; region: string; env: Record<string, string> };

/** Stands for the keys that only the stack knows. */
const KEY_ARNS = 'acs:kms:region:0:key/of-the-stack';

/** Stands for what has neither value nor default. */
const UNSET = 'https://unset.invalid';

/** Throws an Error that names what s.yaml or the template lacks or cannot be resolved in them. */
export async function readDeclared(file: string, { accountId, region, env }: Home): Promise<Declared> {
  const text = await readFile(file, 'utf8');
  const names = variablesAskedBy(text);
  const required = [...text.matchAll(/\$\{env\('(\w+)'\)/g)].map(([, name = '']) => name);
  const unset = required.filter((name) => env[name] === undefined);
  const filled = {
    ...Object.fromEntries(unset.map((name) => [name, UNSET])),
    ...env,
    ENVELOPE_REGION: region,
  };
  const stack = await readStack(file, { env: filled, accountId });
  if (!stack) throw new Error(`${file} has no resource of the component ros`);
  const template = await readFile(stack.template, 'utf8');
  const made = () => ({ KeyId: 'of-the-stack' });
  const read = (parameters: Record<string, string>) =>
    byVariable(names, () => readTemplate(template, TYPES, { accountId, region, parameters, made }));
  read(stack.parameters);
  const { resources } = read(withNothingThere(stack.parameters));
  const ofType = (type: string) =>
    [...resources]
      .filter(([, one]) => one.type === type)
      .map(([id, one]) => [id, Object(one.properties) as Tags] as const);
  const infos = { [stack.resource]: { KeyArns: KEY_ARNS } };
  const functions = await readResources(file, 'fc3', { env: filled, accountId, infos });
  return {
    ...{ names, unset, buckets: new Map(ofType('ALIYUN::OSS::Bucket')) },
    key: ofType('ALIYUN::KMS::Key')[0]?.[1] ?? {},
    functions: functions.map(({ name, props }) => ({ ...(props.value as DeclaredFunction), resource: name })),
  };
}

/** What exists already is to be as the template would make it. */
function withNothingThere(parameters: Record<string, string>): Record<string, string> {
  const given = Object.entries(parameters);
  return Object.fromEntries(given.map(([name, value]) => [name, /^Existing/.test(name) ? '' : value]));
}

/** A parameter of the template that is wrong, by the variable that gives it. */
function byVariable<T>(names: string[], read: () => T): T {
  try {
    return read();
  } catch (error) {
    const told = (error as Error).message.replace(/^Parameters\.(\w+)/, (path, parameter: string) => {
      const variable = `ENVELOPE${parameter.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
      return names.includes(variable) ? variable : path;
    });
    throw new Error(told, { cause: error });
  }
}
