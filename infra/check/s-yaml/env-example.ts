import { variablesAskedBy } from '../../declared/s-yaml';

/** The variables that s.yaml asks for against those that .env.example explains. */
export function checkEnvExample(sYaml: string, example: string): string[] {
  const asked = new Set(variablesAskedBy(sYaml));
  const lines = example.split('\n');
  const told = lines.flatMap((line, at) => {
    const [, name] = /^#? ?([A-Z_]+)=/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, isExplained: (lines[at - 1] ?? '').startsWith('# ') }];
  });
  const names = told.map(({ name }) => name);
  return [
    ...[...asked]
      .filter((name) => !names.includes(name))
      .map((name) => `.env.example does not tell of ${name}`),
    ...names.filter((name) => !asked.has(name)).map((name) => `s.yaml does not ask for ${name}`),
    ...told.filter(({ isExplained }) => !isExplained).map(({ name }) => `nothing is said of ${name}`),
  ];
}
