import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { load } from 'js-yaml';
import { at, map, oneOf, type Place } from './place';
import { resolve, type VariableSources } from './variables';

/** Where the values of `${…}` come from; the file gives its own `vars` and folder. */
export type Sources = Pick<VariableSources, 'env' | 'accountId' | 'infos'>;

/** A resource of s.yaml, its variables resolved. `name`: as in `${resources.<name>.info.<output>}`. */
export type DeclaredResource = { name: string; props: Place };

/**
 * The resources of a Serverless Devs file (edition 3.0.0) with this component, in any version. Throws an Error that names
 * the path in the file for what is missing, and the expression for a variable without a value. It is parsed by what
 * Serverless Devs parses it with: another parser takes 1_000 for a text, and dates, too.
 */
export async function readResources(
  file: string,
  component: 'fc3' | 'ros',
  sources: Sources,
): Promise<DeclaredResource[]> {
  const root = { value: load(await readFile(file, 'utf8')), path: '' };
  oneOf(at(root, 'edition'), ['3.0.0']);
  const all = { ...sources, vars: at(root, 'vars').value ?? {}, folder: dirname(file) };
  return Object.entries(map(at(root, 'resources'))).flatMap(([name, value]) => {
    const resource = { value, path: `resources.${name}` };
    const isOne = new RegExp(`^${component}(@[\\w.-]+)?$`).test(String(at(resource, 'component').value));
    const props = at(resource, 'props');
    return isOne ? [{ name, props: { ...props, value: resolve(props.value, all) } }] : [];
  });
}

/** Names that a text of s.yaml takes from the environment. */
export function variablesAskedBy(sYaml: string): string[] {
  return [...new Set([...sYaml.matchAll(/\$\{env\('(\w+)'/g)].map(([, name = '']) => name))];
}
