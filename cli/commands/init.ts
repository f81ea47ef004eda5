import type { Stats } from 'node:fs';
import { cp, lstat, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { devDependencies } from '../../package.json';
import { unwritable } from '../files/output';
import { bundled, ROOT } from '../session/release';
import { run, type Work } from '../session/run';
import { asFailure, Failure } from '../terminal/failure';

/** What is deployed, where s.yaml looks for it, and where it is in this release. */
const FILES = {
  's.yaml': 's.yaml',
  '.env': '.env.example',
  '.env.example': '.env.example',
  'infra/template.yaml': 'infra/template.yaml',
  'infra/unresolved.cjs': 'infra/unresolved.cjs',
  'infra/alarms.yaml': 'infra/alarms.yaml',
  'dist/encrypt/index.js': 'dist/encrypt/index.js',
  'dist/decrypt/index.js': 'dist/decrypt/index.js',
  'dist/sweep/index.js': 'dist/sweep/index.js',
  'dist/local/env-check.js': 'dist/local/env-check.js',
};
const NAMES = [...new Set(Object.keys(FILES).map((path) => path.split('/')[0] ?? ''))];

const HELP = `
For who deploys without a clone of the sources: s.yaml, the templates of its stacks, .env with every variable and its default,
and the functions as this release has built them. What is there already stays: then nothing is written.

Examples:
  oss-envelope init deployment
  oss-envelope init .`;

export function initCommand() {
  return new Command('init')
    .description('writes into a folder all that a deployment needs (asks no service)')
    .argument('<dir>', 'a folder; it need not be there yet')
    .addHelpText('after', HELP)
    .action((dir, _options, command) => run(command, (work) => init(work, dir)));
}

async function init({ output }: Work, dir: string): Promise<void> {
  const there = await stat(dir).catch(() => undefined);
  if (there) await refuseTaken(dir, there);
  await bundled('functions', 'cloud');
  await fill(dir, there === undefined)
    .catch(unwritable(`fill ${dir}`))
    .catch((error: unknown) => {
      throw asFailure(error, { left: leftOf(dir) });
    });
  output.item({ dir, files: Object.keys(FILES) });
  output.say(`wrote ${NAMES.join(', ')} into ${dir}; then:`);
  output.say(
    `  1. choose names in ${join(dir, '.env')}: of buckets there is one list for everybody in the world`,
  );
  output.say(`  2. there: npx @serverless-devs/s@${devDependencies['@serverless-devs/s']} deploy -y`);
  output.say('  3. there: oss-envelope doctor, which tells what is missing');
}

async function refuseTaken(dir: string, there: Stats): Promise<void> {
  if (!there.isDirectory()) throw taken(dir, 'it is no folder');
  const found = await Promise.all(NAMES.map((name) => lstat(join(dir, name)).catch(() => undefined)));
  const names = NAMES.filter((_, index) => found[index]);
  if (names.length > 0) throw taken(dir, `it has ${names.join(', ')} already`);
}

function taken(dir: string, why: string): Failure {
  const todo = 'choose another folder, or move away what is there';
  return new Failure('file-exists', `Cannot fill ${dir}: ${why}`, { todo, left: leftOf(dir) });
}

function leftOf(dir: string): string {
  return `${dir}; nothing was written`;
}

/** All of it at once, or nothing. */
async function fill(dir: string, isNew: boolean): Promise<void> {
  if (isNew) await mkdir(dir);
  const fresh = await mkdtemp(join(dir, '.oss-envelope-'));
  const moved: string[] = [];
  try {
    for (const [to, from] of Object.entries(FILES)) {
      await mkdir(dirname(join(fresh, to)), { recursive: true });
      await cp(join(ROOT, from), join(fresh, to));
    }
    const sYaml = join(fresh, 's.yaml');
    await writeFile(sYaml, withoutClone(await readFile(sYaml, 'utf8')));
    for (const name of NAMES) {
      await rename(join(fresh, name), join(dir, name));
      moved.push(join(dir, name));
    }
    await rm(fresh, { recursive: true });
  } catch (error) {
    for (const path of [...moved, isNew ? dir : fresh]) await rm(path, { recursive: true, force: true });
    throw error;
  }
}

/** Its actions: there is nothing to build, and no npm to ask. */
function withoutClone(sYaml: string): string {
  return sYaml
    .replace(/ +- run: npm run build\n +path: .*\n/, '')
    .replaceAll('npm run env:check', 'node dist/local/env-check.js');
}
