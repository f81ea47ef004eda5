import type { Check, Part } from '../check';
import { type Deed, spoil } from '../spoil';
import { checkResource, checkTemplate } from './check-template';
import { readDocument, readYaml } from './document';
import { alarmMutations, type Mutation, mutations } from './mutations';
import { checkPolicies } from './policies';
import { checkReferences } from './references';
import type { Schema } from './schema';
import { readSchemas } from './schemas';

/** The texts of infra/template.yaml and infra/alarms.yaml. */
export type Templates = { template: string; alarms: string };

/** Part 1: both templates against the schemas of ROS, and every mutation of them found. */
export function templatePart({ template, alarms }: Templates): Part {
  const schemas = readSchemas();
  return {
    name: '1 template',
    checks: [...checksOf(template, mutations, schemas), ...checksOf(alarms, alarmMutations, schemas)],
  };
}

function checksOf(yaml: string, spoiling: Mutation[], schemas: Map<string, Schema>): Check[] {
  const template = readYaml(yaml);
  const document = readDocument(template);
  return [
    ...Object.keys(document.Resources).map(
      (id): Check => ({
        name: `${id} fits the schema of its type`,
        run: () => checkResource(document, id, schemas),
      }),
    ),
    { name: 'every reference leads somewhere', run: () => checkReferences(document, schemas) },
    { name: 'RAM reads every policy', run: () => checkPolicies(document) },
    ...spoiling.map(
      (mutation): Check => ({
        name: `found: ${wordsOf(mutation)}`,
        run: () => missed(mutation, checkTemplate(spoil(template, mutation.slice(0, -1) as Deed), schemas)),
      }),
    ),
  ];
}

function wordsOf([deed, path, value]: Mutation): string {
  if (deed === 'drop') return `drop ${path}`;
  return `${deed} ${path} to ${typeof value === 'string' ? value.slice(0, 40) : JSON.stringify(value)}`;
}

function missed(mutation: Mutation, findings: string[]): string[] {
  const expected = mutation.at(-1) as RegExp;
  if (findings.some((finding) => expected.test(finding))) return [];
  return [`nothing found of ${expected}`, ...findings];
}
