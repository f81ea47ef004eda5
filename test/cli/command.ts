import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { announce, type LocalCloud } from '../../cli/session/local-cloud';
import { lockData } from '../../infra/local/data/lock';
import { localCloudOf } from '../../infra/run/running';
import type { Bench } from '../deployment';

export type Ended = { code: number | null; stdout: Buffer; stderr: string };

export type Running = {
  /** What is piped into it; nothing by default. */
  stdin?: Buffer | Readable;
  /** Over an environment that has a PATH and no credentials. */
  env?: Record<string, string>;
  cwd?: string;
  /** Hears of the process, to send it a signal. */
  onStart?: (child: ChildProcess) => void;
};

/** What runs the command line: this Node, or, as a JSON array, another one, or a shell that limits it first. */
const [runner = '', ...runnerArgs]: string[] = process.env.COMMAND_RUNNER
  ? JSON.parse(process.env.COMMAND_RUNNER)
  : [process.execPath];

/** Runs the built command line in a process of its own, to its end. */
export async function ossEnvelope(
  argv: string[],
  { stdin = Buffer.alloc(0), env = {}, cwd, onStart }: Running = {},
): Promise<Ended> {
  const home = {
    PATH: process.env.PATH ?? '',
    ...(process.env.TERM !== undefined && { TERM: process.env.TERM }),
    HOME: '/nonexistent',
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true',
    // Whatever a shell has set, SDKs and Node say nothing between the command's own lines.
    DEBUG: '*',
    NODE_PENDING_DEPRECATION: '1',
  };
  const child = spawn(runner, [...runnerArgs, resolve('dist/cli/oss-envelope.js'), ...argv], {
    env: { ...home, ...env },
    ...(cwd !== undefined && { cwd }),
  });
  onStart?.(child);
  const ended = new Promise<number | null>((done) => child.on('close', done));
  const source = Buffer.isBuffer(stdin) ? Readable.from([stdin], { objectMode: false }) : stdin;
  // A command may end without reading all of it.
  const fed = pipeline(source, child.stdin).catch(() => {});
  const [stdout, stderr] = await Promise.all([bytesOf(child.stdout), bytesOf(child.stderr)]);
  const code = await ended;
  source.destroy();
  await fed;
  return { code, stdout, stderr: stderr.toString('utf8') };
}

/** The objects of its JSON Lines. */
export function linesOf({ stdout }: Pick<Ended, 'stdout'>): Record<string, unknown>[] {
  const lines = stdout.toString('utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The options that lead the command line to a bench: `['--local', '--data', …]`. */
export async function localOptions({ data, cloud, fc }: Bench, env?: string): Promise<string[]> {
  return optionsAt(data, localCloudOf(cloud, fc), env);
}

/** The same by a folder that may be another, for whoever's keys. */
export async function optionsAt(data: string, cloud: LocalCloud, env = '/dev/null'): Promise<string[]> {
  // It may be the cloud's own, or this test's already.
  await lockData(data).catch(() => undefined);
  await announce(data, cloud);
  return ['--local', '--data', data, '--env', env];
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
