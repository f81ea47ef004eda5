import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runS } from '../s-yaml/serverless-devs';

/** One thing that a component was told to do; `npm` for what s.yaml runs before. */
export type Call = {
  component: string;
  method: string;
  resource: string;
  props: Record<string, unknown>;
  args: string[];
};

export type Recording = { code: number; out: string; calls: Call[] };

export type RecorderOptions = {
  /** Variables of s.yaml. */
  env: Record<string, string>;
  /** What the stack answers to `info`. */
  outputs: Record<string, string>;
  /** Path of another file than s.yaml, and the folder that it is seen from. */
  sYaml?: string;
  cwd?: string;
};

/** Where Serverless Devs keeps components, below its home. */
export const COMPONENTS = join('.s', 'components', 'devsapp.cn', 'v3');

const HERE = resolve('infra/check/recorded');

/**
 * Runs the real `s` with these arguments in a home of its own, where the components fc3 and ros are recorders, and
 * without any network. Resolves with what they were told, in order.
 */
export async function recordRun(
  args: string[],
  { env, outputs, sYaml = 's.yaml', cwd = '.' }: RecorderOptions,
): Promise<Recording> {
  const home = await mkdtemp(join(tmpdir(), 'oss-envelope-recorder-'));
  try {
    const file = join(home, 'calls');
    await writeFile(file, '');
    for (const component of ['fc3', 'ros']) await installRecorder(component, home);
    const bin = await installNpm(home, file);
    const own = {
      RECORD: file,
      STACK_OUTPUTS: JSON.stringify(outputs),
      NODE_OPTIONS: `--require ${JSON.stringify(join(HERE, 'no-network.cjs'))}`,
      PATH: `${bin}:${process.env.PATH}`,
    };
    const { code, out } = await runS([...args, '-t', sYaml], { home, env: { ...env, ...own }, cwd });
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
    return { code, out, calls: lines.map((line): Call => JSON.parse(line)) };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Where `s` looks for a component before it asks its registry; the lock says that it is there and new enough. */
export async function installRecorder(component: string, home: string): Promise<void> {
  const folder = join(home, COMPONENTS, component);
  await mkdir(folder, { recursive: true });
  await copyFile(join(HERE, 'recorder.cjs'), join(folder, 'index.js'));
  const lock = { version: '0.0.0', lastUpdateCheck: Number.MAX_SAFE_INTEGER };
  await writeFile(join(folder, '.s.lock'), JSON.stringify(lock));
}

/** The build that s.yaml asks for has been made; another one would change it under whoever uses it. */
export async function installNpm(home: string, file: string): Promise<string> {
  const bin = join(home, 'bin');
  await mkdir(bin);
  const call = '{"component":"npm","method":"\'"$*"\'","resource":"","props":{},"args":[]}';
  await writeFile(join(bin, 'npm'), `#!/bin/sh\necho '${call}' >> '${file}'\n`);
  await chmod(join(bin, 'npm'), 0o755);
  return bin;
}
