import { decide } from '../../local/ram/decide';
import type { Policy } from '../../local/ram/policy';
import type { Check, Part } from '../check';
import { holdersIn } from './holders';
import { type Question, readQuestions, subject } from './questions';

/** Part 2: questions.txt, answered by RAM's own rule from the resolved policies. */
export function permissionsPart(template: string, questions: string): Part {
  const known = new Map<string, Map<string, Policy[]>>();

  function holdersWith(parameters: Record<string, string>): Map<string, Policy[]> {
    const name = JSON.stringify(parameters);
    const holders = known.get(name) ?? holdersIn(template, parameters);
    known.set(name, holders);
    return holders;
  }

  return {
    name: '2 permissions',
    checks: readQuestions(questions).map(
      (question): Check => ({
        name: wordsOf(question),
        run: () => wronglyAnswered(question, holdersWith(question.parameters)),
      }),
    ),
  };
}

function wordsOf({ who, action, on, may, parameters, conditions }: Question): string {
  const given = Object.entries({ ...parameters, ...conditions }).map((pair) => pair.join('='));
  return [who === '*' ? 'nobody' : who, may ? 'may' : 'may not', action, on, ...given].join(' ');
}

function wronglyAnswered(question: Question, holders: Map<string, Policy[]>): string[] {
  const { who, action, on, may, conditions } = question;
  const asked = who === '*' ? [...holders.keys()] : [who];
  return asked.flatMap((name) => {
    const policies = holders.get(name);
    if (!policies) return [`there is no role and no policy ${name}`];
    const decision = decide(policies, { principal: name, action, resource: subject(on), conditions });
    return (decision === 'allowed') === may ? [] : [`${name}: ${decision}`];
  });
}
