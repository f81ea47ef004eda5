import { type Generated, type Naming, readGenerated } from './generated';
import { isFunction } from './is-function';
import type { Schema } from './schema';
import { supplement } from './supplement';

const SERVICES = ['oss', 'ram', 'sls', 'cms', 'fc3'];

/** The schemas of the types that the packages @alicloud/ros-cdk-* know, and of those for which there is no package here. */
export function readSchemas(): Map<string, Schema> {
  return new Map([...SERVICES.flatMap((service) => schemasOf(readGenerated(service))), ...supplement]);
}

function schemasOf(generated: Generated): [type: string, Schema][] {
  return [...generated.classes].map(([type, name]) => [
    type,
    {
      attributes: generated.attributes.get(name) ?? [],
      findings: (properties) => findingsOf(generated, name, properties),
    },
  ]);
}

function findingsOf({ validators, namings }: Generated, name: string, properties: unknown): string[] {
  const validator = validators.get(`${name}PropsValidator`);
  if (!validator) return [`there is no validator of ${name}`];
  const found: string[] = [];
  const translated = translate(properties, { namings, below: rendererOf(name), path: '', found });
  const validation = validator(translated);
  return validation.isSuccess ? found : [...found, validation.errorTree()];
}

function rendererOf(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}PropsToRosTemplate`;
}

type Step = { namings: Generated['namings']; below: string; path: string; found: string[] };

/** The same properties by the names of the CDK. A name that it does not know would be dropped without a word: it is found. */
function translate(value: unknown, step: Step): unknown {
  if (isFunction(value) || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => translate(item, step));
  const names = step.namings.get(step.below) ?? new Map<string, Naming>();
  const entries = Object.entries(value).flatMap(([name, item]) => {
    const naming = names.get(name);
    const path = `${step.path}${name}`;
    if (!naming) step.found.push(`${path} is no property`);
    return naming ? [[naming.cdk, translateOne(item, naming, { ...step, path })] as const] : [];
  });
  return Object.fromEntries(entries);
}

function translateOne(item: unknown, { below, kind }: Naming, step: Step): unknown {
  const isMap = typeof item === 'object' && item !== null && !Array.isArray(item);
  if (kind === 'map' && !isMap) step.found.push(`${step.path} is not a map`);
  if (below === undefined) return item;
  if (kind === 'one' && Array.isArray(item)) step.found.push(`${step.path} is a list`);
  return translate(item, { ...step, below, path: `${step.path}.` });
}
