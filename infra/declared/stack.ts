import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { load } from 'js-yaml';
import { at, map, text } from './place';
import { resolve, type VariableSources } from './variables';

/** A resource of s.yaml with the component ros: the stack that `s deploy` makes of it. */
export type DeclaredStack = {
  /** Its name in s.yaml, as in `${resources.<name>.info.<output>}`. */
  resource: string;
  /** Path of the template. */
  template: string;
  parameters: Record<string, string>;
};

/**
 * The stack that a Serverless Devs file declares, undefined where it has none. Throws an Error that names the path in
 * the file for what is missing or not known here.
 */
export async function readStack(
  file: string,
  options: Pick<VariableSources, 'env' | 'accountId'>,
): Promise<DeclaredStack | undefined> {
  const root = { value: load(await readFile(file, 'utf8')), path: '' };
  const sources = { ...options, vars: at(root, 'vars').value ?? {}, folder: dirname(file) };
  for (const [resource, value] of Object.entries(map(at(root, 'resources')))) {
    const place = { value, path: `resources.${resource}` };
    if (!/^ros(@[\w.-]+)?$/.test(String(at(place, 'component').value))) continue;
    const props = { ...at(place, 'props'), value: resolve(at(place, 'props').value, sources) };
    const parameters = at(props, 'parameters');
    const given = Object.keys(map(parameters)).map((name) => [name, text(at(parameters, name))]);
    return { resource, template: text(at(props, 'template')), parameters: Object.fromEntries(given) };
  }
  return undefined;
}
