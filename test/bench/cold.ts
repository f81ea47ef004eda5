import { statSync } from 'node:fs';
import { join } from 'node:path';
import { INBOX } from '../../infra/run/deployment';
import { clean } from './cloud/clean';
import { type Planted, plant } from './cloud/plant';
import type { FunctionName, Stage } from './cloud/stage';
import { type Figure, figure } from './figure';

/** In ms. `over`: more than a bare handler of the same round. `warm`: the same event again, with nothing to start. */
export type ColdRow = { name: FunctionName; cold: Figure; over: Figure; warm: Figure; bundleBytes: number };

type Cold = { rounds: number };

/** Into a cloud that is not running: two small uploads for each round. */
export function plantCold(data: string, { rounds }: Cold): Promise<Planted[]> {
  const wishes = Array.from({ length: 2 * rounds }, (_, index) => ({ key: `cold/${index}`, size: 4096 }));
  return plant(data, INBOX, wishes);
}

/**
 * From the start of the process to the answer of its first event, for each function in turn: a small upload sealed, its
 * envelope opened, the inbox swept. `uploads`: two for each round.
 */
export async function measureColdStarts(stage: Stage, uploads: Planted[]): Promise<ColdRow[]> {
  const cold = samples();
  const warm = samples();
  for (let index = 0; index + 1 < uploads.length; index += 2) {
    const [first, second] = [uploads[index], uploads[index + 1]];
    if (!first || !second) break;
    const events: Record<FunctionName, [() => Promise<unknown>, () => Promise<unknown>]> = {
      bare: [() => stage.invoke('bare', {}), () => stage.invoke('bare', {})],
      encrypt: [() => stage.seal(first), () => stage.seal(second)],
      decrypt: [() => stage.open(first.key), () => stage.open(second.key)],
      sweep: [() => stage.invoke('sweep', {}), () => stage.invoke('sweep', {})],
    };
    for (const name of NAMES) {
      await stage.renew(name);
      cold[name].push(await timeOf(events[name][0]));
      warm[name].push(await timeOf(events[name][1]));
    }
  }
  await clean(stage.local);
  return NAMES.map((name) => rowOf(name, cold, warm));
}

type Samples = Record<FunctionName, number[]>;
const NAMES: FunctionName[] = ['bare', 'encrypt', 'decrypt', 'sweep'];

function samples(): Samples {
  return { bare: [], encrypt: [], decrypt: [], sweep: [] };
}

function rowOf(name: FunctionName, cold: Samples, warm: Samples): ColdRow {
  const over = cold[name].map((ms, round) => ms - (cold.bare[round] ?? Number.NaN));
  return {
    name,
    cold: figure('ms', cold[name]),
    over: figure('ms', over),
    warm: figure('ms', warm[name]),
    bundleBytes: name === 'bare' ? 0 : bundleBytes(name),
  };
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Of the function as it is deployed, minified. */
function bundleBytes(name: FunctionName): number {
  return statSync(join('dist', name, 'index.js')).size;
}
