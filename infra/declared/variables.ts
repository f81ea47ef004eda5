import { resolve as resolvePath } from 'node:path';

export type VariableSources = {
  vars: unknown;
  env: Record<string, string>;
  accountId: string;
  /** The folder of s.yaml. */
  folder?: string;
  /** What the `info` of another resource answers, by its name in s.yaml. */
  infos?: Record<string, Record<string, string>>;
};

const EXPRESSION = /\$\{([^}]*)\}/g;
const PATH = /^path\(\s*'([^']*)'\s*\)$/;
const INFO = /^resources\.([\w-]+)\.info\.(\w+)$/;
const ENV = /^env\(\s*'([^']*)'\s*(?:,\s*'([^']*)'\s*)?\)$/;

/**
 * A value of s.yaml with its `${...}` resolved, as Serverless Devs does it: `vars.a.b`, `env('X')`,
 * `env('X', 'default')`, `config('AccountID')`, `path('./a')`, `resources.a.info.B`. A text that is one expression keeps the type of its value. Throws
 * for every other expression, for a variable that is not there, and for an env() with neither value nor default.
 */
export function resolve(value: unknown, sources: VariableSources): unknown {
  return resolveWithin(value, sources, []);
}

function resolveWithin(value: unknown, sources: VariableSources, open: string[]): unknown {
  if (typeof value === 'string') return resolveText(value, sources, open);
  if (Array.isArray(value)) return value.map((item) => resolveWithin(item, sources, open));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolveWithin(item, sources, open)]),
  );
}

function resolveText(text: string, sources: VariableSources, open: string[]): unknown {
  const [whole] = /^\$\{[^}]*\}$/.exec(text) ?? [];
  if (whole) return evaluate(whole.slice(2, -1).trim(), sources, open);
  return text.replace(EXPRESSION, (_, expression: string) => {
    const part = evaluate(expression.trim(), sources, open);
    if (typeof part === 'object') throw cannot(expression, 'it is not one value');
    return String(part);
  });
}

function evaluate(expression: string, sources: VariableSources, open: string[]): unknown {
  if (open.includes(expression)) throw cannot(expression, 'it refers to itself');
  if (expression.startsWith('vars.')) return variable(expression, sources, [...open, expression]);
  if (expression === "config('AccountID')") return sources.accountId;
  const [, path] = PATH.exec(expression) ?? [];
  if (path !== undefined) return resolvePath(sources.folder ?? '.', path);
  const [, resource = '', output = ''] = INFO.exec(expression) ?? [];
  if (output !== '') return infoOf(expression, sources.infos, [resource, output]);
  const [, name, fallback] = ENV.exec(expression) ?? [];
  if (name === undefined) throw cannot(expression, 'the local cloud does not know this expression');
  // An empty one is none.
  const found = (Object.hasOwn(sources.env, name) && sources.env[name]) || fallback;
  if (found === undefined) throw cannot(expression, `${name} is not set and has no default`);
  return found;
}

/** Where nothing was deployed yet it stays as it stands, as `s preview` leaves it. */
function infoOf(
  expression: string,
  infos: VariableSources['infos'],
  [resource, output]: [string, string],
): string {
  if (!infos) return `\${${expression}}`;
  const outputs = Object.hasOwn(infos, resource) ? infos[resource] : undefined;
  const value = outputs && Object.hasOwn(outputs, output) ? outputs[output] : undefined;
  if (value === undefined) throw cannot(expression, 'the resource does not answer with it');
  return value;
}

function variable(expression: string, sources: VariableSources, open: string[]): unknown {
  let value: unknown = sources.vars;
  for (const name of expression.split('.').slice(1)) {
    const isMap = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    if (!isMap) throw cannot(expression, 'there is no such variable');
    value = (value as Record<string, unknown>)[name];
  }
  return resolveWithin(value, sources, open);
}

function cannot(expression: string, why: string): Error {
  return new Error(`Cannot resolve \${${expression}}: ${why}`);
}
