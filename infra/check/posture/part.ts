import type { Check, Part } from '../check';
import { setOrDrop, spoil } from '../spoil';
import { type Document, readYaml } from '../template/document';
import type { Templates } from '../template/part';
import { accessRules } from './access-rules';
import { dataRules } from './data-rules';
import { exceptions } from './exceptions';
import { functionChecks } from './functions';
import { keepingRules } from './keeping-rules';
import type { Rule } from './rule';
import { type Built, buildResources } from './world';

const rules = [...dataRules, ...accessRules, ...keepingRules];

/** Part 3: rules of ours, named after those of others, with the exceptions that are meant; and each rule broken once. */
export function posturePart({ template, alarms }: Templates): Part {
  const both = [template, alarms].map((yaml) => readYaml(yaml) as Document);
  const built = both.flatMap(buildResources);
  return {
    name: '3 posture',
    checks: [
      ...rules.map(
        (rule): Check => ({
          name: `${rule.named}: ${rule.says}`,
          run: () => breaking(rule, built).filter((name) => exceptions[name] === undefined),
        }),
      ),
      { name: 'every exception excuses something', run: () => idleExceptions(built) },
      ...rules.flatMap((rule) => rule.broken.map(([path, value]) => brokenCheck(rule, both, [path, value]))),
      ...functionChecks,
    ],
  };
}

/** The resources that do not keep a rule, as exceptions name them. */
function breaking(rule: Rule, built: Built[]): string[] {
  const about = built.filter(({ type }) => rule.type.test(type));
  return about.filter((one) => !rule.keeps(one)).map(({ id }) => `${rule.named}: ${id}`);
}

function idleExceptions(built: Built[]): string[] {
  const all = rules.flatMap((rule) => breaking(rule, built));
  return Object.keys(exceptions).filter((name) => !all.includes(name));
}

function brokenCheck(rule: Rule, both: Document[], [path, value]: Rule['broken'][number]): Check {
  const id = path.split('.')[1] ?? '';
  const template = both.find(({ Resources }) => Object.hasOwn(Resources, id));
  return {
    name: `found: ${path} ${value === undefined ? 'taken away' : JSON.stringify(value)}`,
    run: () => {
      const found = breaking(rule, buildResources(spoil(template, setOrDrop(path, value))));
      return found.some((name) => exceptions[name] === undefined) ? [] : [`${rule.named} does not see it`];
    },
  };
}
