import { TYPES } from '../../declared/resource-types';
import { readTemplate, type Template } from '../../declared/template';
import type { Preview } from './preview';
import { ACCOUNT } from './serverless-devs';

const read = new Map<string, Template>();

/** A template with the parameters of its stack in s.yaml; to read it takes longer than all the questions. */
export function builtFrom(preview: Preview, template: string, stack = 'infra'): Template {
  const { region, parameters } = Object(preview.resources[stack]?.props);
  const name = JSON.stringify([region, parameters, template]);
  const home = { accountId: ACCOUNT, region, made: () => ({ KeyId: 'own' }) };
  const built = read.get(name) ?? readTemplate(template, TYPES, { ...home, parameters });
  read.set(name, built);
  return built;
}

/** A property of every resource of a type. */
export function namesOf(preview: Preview, template: string, [type, property]: [string, string]): string[] {
  const { resources } = builtFrom(preview, template);
  return [...resources.values()]
    .filter((one) => one.type === type)
    .map(({ properties }) => String(Object(properties)[property]));
}
