import { existsSync, readFileSync } from 'node:fs';
import { configDotenv } from 'dotenv';
import { expand } from 'dotenv-expand';
import { variablesAskedBy } from '../../infra/declared/s-yaml';
import { asFailure, Failure } from '../terminal/failure';
import { S_YAML } from './release';

/** Where nobody names a file. */
const FILE = '.env';
const PREFIX = 'ENVELOPE_';
/** Asked for by the command line alone, and never in a file. */
const OF_THE_ENVIRONMENT = ['ENVELOPE_OSS_CSE_PASSPHRASE'];

/**
 * Every variable as s.yaml gets it: what the file says (undefined: .env, where it is there), the environment over it. Empty
 * ones are left out. Throws `config-missing`, and `config-wrong` for a name that s.yaml does not ask for although it begins
 * as ours do, or once asked for.
 */
export function readVariables(file?: string): Record<string, string> {
  const { names, environment } = readAsS(file);
  refuseNames(file ?? FILE, names);
  refuseNames('the environment', Object.keys(process.env).filter(isOurs));
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

/** The names that the file gives, whether or not the environment overrules them. Throws `config-missing`, `config-wrong`. */
export function namesInFile(file?: string): string[] {
  return readAsS(file).names;
}

/** By the two libraries of Serverless Devs, of its versions. */
function readAsS(named: string | undefined): { names: string[]; environment: Record<string, string> } {
  const path = named ?? FILE;
  refuseVault(path);
  const before = process.env;
  // The libraries know no other environment.
  process.env = { ...before };
  try {
    const { error, parsed = {} } = configDotenv({ path });
    if (error && (named !== undefined || !isMissing(error))) throw unreadable(path, error);
    const names = Object.keys(parsed);
    // Serverless Devs reads it at its start and again beside s.yaml: what the first expansion leaves, the second expands.
    expand({ parsed });
    expand(configDotenv({ path }));
    return { names, environment: process.env as Record<string, string> };
  } finally {
    process.env = before;
  }
}

function isMissing({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOENT';
}

function unreadable(path: string, error: Error): Failure {
  if (isMissing(error)) return new Failure('config-missing', `Cannot read ${path}: there is no such file`);
  return new Failure('config-wrong', asFailure(error, { doing: `read ${path}` }).message);
}

/** With this variable Serverless Devs reads another file, and says so on standard output. */
function refuseVault(path: string): void {
  if (!process.env.DOTENV_KEY || !existsSync(`${path}.vault`)) return;
  throw new Failure(
    'config-wrong',
    `Cannot read ${path}: DOTENV_KEY is set, so s reads ${path}.vault instead`,
    {
      todo: 'unset DOTENV_KEY',
    },
  );
}

function isOurs(name: string): boolean {
  return name.startsWith(PREFIX);
}

function refuseNames(where: string, names: string[]): void {
  if (names.length === 0) return;
  const asked = variablesAskedBy(readSYaml());
  const known = where === 'the environment' ? [...asked, ...OF_THE_ENVIRONMENT] : asked;
  const wrong = names.flatMap((name) => {
    if (asked.includes(PREFIX + name)) return [`${name} has to be called ${PREFIX}${name}`];
    return isOurs(name) && !known.includes(name) ? [`${name} is unknown`] : [];
  });
  if (wrong.length === 0) return;
  throw new Failure('config-wrong', `Cannot use ${where}: ${wrong.join('; ')}`, {
    todo: '.env.example has all names: correct these, or take them out',
  });
}

function readSYaml(): string {
  try {
    return readFileSync(S_YAML, 'utf8');
  } catch (error) {
    throw unreadable(S_YAML, error as Error);
  }
}
