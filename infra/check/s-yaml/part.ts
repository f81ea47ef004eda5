import { readVariables } from '../../../cli/session/variables';
import type { Check, Part } from '../check';
import { setOrDrop, spoil } from '../spoil';
import { questions } from './checks';
import { checkEnvExample } from './env-example';
import { type Preview, readPreview } from './preview';
import { type Spoilt, spoilt } from './spoilt';

export type SYamlFiles = { template: string; sYaml: string; envExample: string; preview: string };

/** Part 4: s.yaml as the real Serverless Devs resolves it, checked for what it does not check itself. */
export function sYamlPart({ template, sYaml, envExample, preview }: SYamlFiles): Part {
  const resolved = readPreview(preview);
  return {
    name: '4 s preview',
    checks: [
      ...questions.map(({ name, run }): Check => ({ name, run: () => run(resolved, template) })),
      { name: '.env.example tells of every variable', run: () => checkEnvExample(sYaml, envExample) },
      { name: '.env and the environment have no name of ours that nobody asks for', run: checkNames },
      ...spoilt.map(
        (one): Check => ({
          name: `found: ${one[0]} ${one[1] === undefined ? 'taken away' : JSON.stringify(one[1]).slice(0, 60)}`,
          run: () => missed(one, findings(spoil(resolved, setOrDrop(one[0], one[1])), template)),
        }),
      ),
    ],
  };
}

function checkNames(): string[] {
  readVariables();
  return [];
}

function findings(preview: Preview, template: string): string[] {
  return questions.flatMap(({ run }) => {
    try {
      return run(preview, template);
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

function missed([, , expected]: Spoilt, found: string[]): string[] {
  if (found.some((finding) => expected.test(finding))) return [];
  return [`nothing found of ${expected}`, ...found];
}
