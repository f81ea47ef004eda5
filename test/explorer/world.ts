import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { deployLocally, type LocalDeployment } from '../../infra/run/deployment';
import { PART } from '../deployment';
import { createGate, type Gate, INSTANCES } from './gate';
import { envelopeOpener } from './open-envelope';

/** The built functions on a local cloud whose every call waits at the gate. */
export type World = LocalDeployment & { gate: Gate; open: ReturnType<typeof envelopeOpener> };

/** `encryptCode`: a folder with the encrypt function's bundle; the built one by default. */
export async function startWorld({ encryptCode = resolve('dist/encrypt') } = {}): Promise<World> {
  const data = await mkdtemp(join(tmpdir(), 'oss-envelope-explorer-'));
  const gate = createGate(async (functionName) => local.fc.kill(functionName));
  const sYaml = join(data, 's.yaml');
  await writeFile(sYaml, deploymentOf(await readFile('s.yaml', 'utf8'), encryptCode));
  const local = await deployLocally({
    data,
    sYaml,
    template: resolve('infra/template.yaml'),
    runtime: resolve('dist/local/runtime.js'),
    variables: { ENVELOPE_PART_BYTES: String(PART) },
    retryDelayMs: 0,
    instanceLimit: INSTANCES,
    hooks: gate.hooks,
    onReport: gate.report,
  });
  // Events come when the schedule says so.
  local.cloud.faults.add({ match: { service: 'event' }, times: 1e15, do: { drop: true } });
  async function close(): Promise<void> {
    gate.close();
    await local.close();
    await rm(data, { recursive: true });
  }
  return { ...local, gate, open: envelopeOpener(local), close };
}

/** The sweep comes when the schedule says so, not by its timer. */
function deploymentOf(sYaml: string, encryptCode: string): string {
  return sYaml
    .replace('code: ./dist/encrypt', `code: ${encryptCode}`)
    .replaceAll('code: ./dist/', `code: ${resolve('dist')}/`)
    .replace('enable: true', 'enable: false');
}
