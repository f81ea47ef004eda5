import { INBOX } from '../../../infra/run/deployment';
import { clean } from '../cloud/clean';
import { type Planted, plant, plantKeys } from '../cloud/plant';
import { type Stage, startStage } from '../cloud/stage';
import { type Curve, curveOf, type Point, pointOf, type Run } from './curve';

export type GrowthPlan = { parts: number[]; keys: number[]; concurrency: number[]; rounds: number };

const PART = 131_072;
/** What each instance seals, one after the other. */
const EACH = 8;
const SMALL = 65_536;

/** How the time and the memory of a run grow, on a cloud of its own with parts of 128 KiB. */
export async function measureGrowth(data: string, plan: GrowthPlan): Promise<Curve[]> {
  const options = { data, partBytes: PART, instances: Math.max(...plan.concurrency) };
  await (await startStage(options)).close();
  const parts = await plantParts(data, plan);
  const uploads = await plantUploads(data, plan);
  const curves = await onStage(options, async (stage) => [
    curveOf('parts', 'parts of 128 KiB in one object, sealed', await measureParts(stage, parts)),
    curveOf('concurrency', 'instances at once, each sealing 8 objects', await measureUploads(stage, uploads)),
  ]);
  const points: Point[] = [];
  let planted = 0;
  for (const keys of plan.keys) {
    await plantKeys(data, INBOX, { from: planted, to: keys });
    planted = keys;
    points.push(await onStage(options, (stage) => sweepOver(stage, keys, plan.rounds)));
  }
  return [...curves, curveOf('keys', 'keys in the inbox, swept', points)];
}

type StageOptions = Parameters<typeof startStage>[0];

async function onStage<T>(options: StageOptions, work: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await startStage(options);
  try {
    return await work(stage);
  } finally {
    await stage.close();
  }
}

async function plantParts(data: string, { parts, rounds }: GrowthPlan): Promise<Map<number, Planted[]>> {
  const planted = new Map<number, Planted[]>();
  for (const count of parts)
    planted.set(count, await plant(data, INBOX, wishes(`parts/${count}`, rounds, count * PART)));
  return planted;
}

async function plantUploads(data: string, { concurrency, rounds }: GrowthPlan) {
  const planted = new Map<number, Planted[][]>();
  for (const count of concurrency) {
    const batches: Planted[][] = [];
    for (let round = 0; round <= rounds; round++)
      batches.push(await plant(data, INBOX, wishes(`at-once/${count}/${round}`, count * EACH, SMALL)));
    planted.set(count, batches);
  }
  return planted;
}

function wishes(prefix: string, count: number, size: number) {
  return Array.from({ length: count }, (_, index) => ({ key: `${prefix}/${index}`, size }));
}

async function measureParts(stage: Stage, planted: Map<number, Planted[]>): Promise<Point[]> {
  const points: Point[] = [];
  for (const [count, uploads] of planted) {
    const reports: Run[] = [];
    for (const upload of uploads) {
      await stage.renew('encrypt');
      reports.push(await stage.seal(upload));
      await clean(stage.local);
    }
    points.push(pointOf(count, reports));
  }
  return points;
}

/** The first batch starts the instances. */
async function measureUploads(stage: Stage, planted: Map<number, Planted[][]>): Promise<Point[]> {
  const points: Point[] = [];
  for (const [count, [first = [], ...rounds]] of planted) {
    await sealAtOnce(stage, first, count);
    const taken: Run[] = [];
    for (const uploads of rounds) taken.push(await sealAtOnce(stage, uploads, count));
    points.push(pointOf(count, taken));
  }
  await clean(stage.local);
  return points;
}

async function sealAtOnce(stage: Stage, uploads: Planted[], count: number): Promise<Run> {
  const rest = uploads.values();
  const began = performance.now();
  const all = { maxMemoryBytes: 0, cpuMs: 0 };
  const work = async () => {
    for (const upload of rest) {
      const { maxMemoryBytes, cpuMs } = await stage.seal(upload);
      all.maxMemoryBytes = Math.max(all.maxMemoryBytes, maxMemoryBytes);
      all.cpuMs += cpuMs;
    }
  };
  await Promise.all(Array.from({ length: count }, work));
  return { ...all, durationMs: performance.now() - began };
}

async function sweepOver(stage: Stage, keys: number, rounds: number): Promise<Point> {
  const reports: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    await stage.renew('sweep');
    const report = await stage.invoke('sweep', {});
    const isAll = report.logs.some((line) => line.includes(`"unsealed":${keys},`));
    if (!isAll) throw new Error(`Cannot measure the sweep: it has not seen ${keys} uploads: ${report.logs}`);
    reports.push(report);
  }
  return pointOf(keys, reports);
}
