import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Report } from '../../infra/local/fc/server';
import type { Call, Effect, Hooks } from '../../infra/local/gateway/hooks';
import { deployLocally, type LocalDeployment } from '../../infra/run/deployment';
import { PART } from '../deployment';
import { createOpener, type Opener } from './opener';

/** Who sees every call before and after it is applied, and every run that has ended; may be changed at any time. */
type Watcher = {
  before?: (call: Call) => Promise<Effect | undefined>;
  after?: (call: Call) => Promise<Effect | undefined>;
  onReport?: (report: Report) => void;
};

/** The built functions on a local cloud whose timers stand still, so that a sweep runs when it is asked for only. */
export type Stage = LocalDeployment & { opener: Opener; reports: Report[]; watcher: Watcher };

/** Processes of one function at a time. */
export const INSTANCES = 6;

/** `change`: what is different in s.yaml. */
export async function startStage(change: (sYaml: string) => string = (text) => text): Promise<Stage> {
  const data = await mkdtemp(join(tmpdir(), 'oss-envelope-crash-matrix-'));
  const sYaml = join(data, 's.yaml');
  await writeFile(sYaml, change(withoutTimers(await readFile('s.yaml', 'utf8'))));
  const watcher: Watcher = {};
  const reports: Report[] = [];
  const local = await deployLocally({
    data: join(data, 'cloud'),
    sYaml,
    template: resolve('infra/template.yaml'),
    runtime: resolve('dist/local/runtime.js'),
    variables: { ENVELOPE_PART_BYTES: String(PART) },
    retryDelayMs: 0,
    instanceLimit: INSTANCES,
    hooks: hooksOf(watcher),
    onReport: (report) => {
      reports.push(report);
      watcher.onReport?.(report);
    },
  });
  const close = () => local.close().then(() => rm(data, { recursive: true }));
  return { ...local, opener: createOpener(local), reports, watcher, close };
}

function hooksOf(watcher: Watcher): Hooks {
  return {
    before: async (call) => watcher.before?.(call),
    after: async (call) => watcher.after?.(call),
  };
}

/** The file lies elsewhere: its code is where it was. */
function withoutTimers(sYaml: string): string {
  return sYaml.replaceAll('enable: true', 'enable: false').replaceAll('code: ./', `code: ${resolve('.')}/`);
}
