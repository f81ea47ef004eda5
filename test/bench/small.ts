import { INBOX } from '../../infra/run/deployment';
import type { Calls } from './cloud/calls';
import { clean } from './cloud/clean';
import { startCopier } from './cloud/copier';
import { type Planted, plant } from './cloud/plant';
import type { Stage } from './cloud/stage';
import { type Figure, figure, quantile, ratio } from './figure';

const SIZE = 4096;

/** `toCopy`: objects per second, those of the plain copies of the same round being 1. Times in ms. */
export type SmallResult = {
  objects: number;
  seal: Rate;
  copy: Rate;
  toCopy: Figure;
  cpuMs: Figure;
  calls: Calls;
};
type Rate = { perSecond: Figure; p50: number; p99: number };

/** Into a cloud that is not running: batches of small uploads. */
export async function plantSmall(
  data: string,
  { batches, batch }: { batches: number; batch: number },
): Promise<Planted[][]> {
  const keysOf = (number: number) => Array.from({ length: batch }, (_, index) => `small/${number}/${index}`);
  const planted: Planted[][] = [];
  for (let number = 0; number <= batches; number++)
    planted.push(
      await plant(
        data,
        INBOX,
        keysOf(number).map((key) => ({ key, size: SIZE })),
      ),
    );
  return planted;
}

/** Copies and seals batch by batch, one object at a time; the first batch warms up. */
export async function measureSmall(
  { stage, copyRuntime }: { stage: Stage; copyRuntime: string },
  [warming = [], ...batches]: Planted[][],
): Promise<SmallResult> {
  const copier = await startCopier(copyRuntime, stage.local);
  const copied: number[][] = [];
  const sealed: number[][] = [];
  const cpuMs: number[] = [];
  const copyAll = (batch: Planted[]) =>
    copier.copy(...batch.map(({ key, size }) => ({ key, size, how: 'whole' as const })));
  await copyAll(warming);
  for (const upload of warming) await stage.seal(upload);
  stage.takeCalls();
  for (const batch of batches) {
    copied.push((await copyAll(batch)).durationsMs);
    const durations: number[] = [];
    let cpu = 0;
    for (const upload of batch) {
      const report = await stage.seal(upload);
      durations.push(report.durationMs);
      cpu += report.cpuMs;
    }
    sealed.push(durations);
    cpuMs.push(cpu / batch.length);
  }
  const calls = stage.takeCalls();
  copier.close();
  await clean(stage.local);
  const objects = batches.flat().length;
  const [seal, copy] = [rateOf(sealed), rateOf(copied)];
  const toCopy = ratio(seal.perSecond, copy.perSecond);
  return { objects, seal, copy, toCopy, cpuMs: figure('CPU-ms', cpuMs), calls: perObject(calls, objects) };
}

function rateOf(batches: number[][]): Rate {
  const rates = batches.map((batch) => (1000 * batch.length) / batch.reduce((sum, ms) => sum + ms, 0));
  const all = batches.flat();
  return {
    perSecond: figure('objects per second', rates),
    p50: quantile(all, 0.5),
    p99: quantile(all, 0.99),
  };
}

function perObject(calls: Calls, objects: number): Calls {
  return Object.fromEntries(Object.entries(calls).map(([name, times]) => [name, times / objects]));
}
