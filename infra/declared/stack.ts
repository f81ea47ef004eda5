import { at, map, text } from './place';
import { readResources, type Sources } from './s-yaml';

/** A resource of s.yaml with the component ros: the stack that `s deploy` makes of it. */
export type DeclaredStack = {
  /** Its name in s.yaml, as in `${resources.<name>.info.<output>}`. */
  resource: string;
  /** Path of the template. */
  template: string;
  parameters: Record<string, string>;
};

/**
 * The stack that a Serverless Devs file declares for its functions, undefined where it has none. One that waits for another's
 * outputs, as the alarms do, is not it. Throws an Error that names the path in the file for what is missing or not known here.
 */
export async function readStack(
  file: string,
  sources: Omit<Sources, 'infos'>,
): Promise<DeclaredStack | undefined> {
  const stacks = await readResources(file, 'ros', sources);
  const first = stacks.find(({ props }) => !JSON.stringify(props.value).includes('${resources.'));
  if (!first) return undefined;
  const parameters = at(first.props, 'parameters');
  const given = Object.keys(map(parameters)).map((name) => [name, text(at(parameters, name))]);
  const template = text(at(first.props, 'template'));
  return { resource: first.name, template, parameters: Object.fromEntries(given) };
}
