import { ACCOUNT } from './serverless-devs';

/** s.yaml as Serverless Devs resolves it. */
export type Preview = {
  edition: string;
  access: string;
  actions: Record<string, unknown>;
  flow: Record<string, string[][]>;
  resources: Record<
    string,
    { component: string; props: Record<string, unknown>; actions?: Record<string, unknown> }
  >;
};

/** What the stack is taken to answer where s.yaml asks for its outputs. */
export const OUTPUTS: Record<string, string> = {
  KeyId: 'own',
  KeyArns: `acs:kms:cn-hangzhou:${ACCOUNT}:key/own`,
};

/** Reads what `s preview -o json` wrote, with the stack's outputs put in. Throws for an output that nobody has. */
export function readPreview(json: string): Preview {
  const known = json.replace(/\$\{resources\.infra\.info\.(\w+)\}/g, (_, name: string) => {
    const value = OUTPUTS[name];
    if (value === undefined) throw new Error(`s.yaml asks for ${name}, of which nothing is known here`);
    return value;
  });
  return JSON.parse(known) as Preview;
}

export type Props = Record<string, unknown> & {
  functionName: string;
  role: string;
  environmentVariables: Record<string, unknown>;
};

/** The functions by their names in s.yaml. */
export function functionsIn({ resources }: Preview): [name: string, props: Props][] {
  return Object.entries(resources)
    .filter(([, { component }]) => /^fc3(@|$)/.test(component))
    .map(([name, { props }]) => [name, props as Props]);
}
