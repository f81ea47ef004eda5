import type { Report } from '../../infra/local/fc/server';
import { DOWNLOADS, INBOX, VAULT } from '../../infra/run/deployment';
import type { Calls } from './cloud/calls';
import { clean } from './cloud/clean';
import { type Copied, startCopier } from './cloud/copier';
import { hollowing } from './cloud/hollow';
import { type Planted, plant, type Wish } from './cloud/plant';
import type { Stage } from './cloud/stage';
import { type Figure, figure, ratio } from './figure';

const MB = 1e6;
const GiB = 1024 ** 3;
/** What putStream takes in one call. */
const PUT_MAX = 5e9;

/** One way to move an object; `toCopy`: wall time, the plain copy of the same round being 1. */
export type Work = {
  seconds: Figure;
  cpuSeconds: Figure;
  cpuSecondsPerGiB: Figure;
  peakMB: Figure;
  toCopy: Figure;
};
export type Way = 'copy' | 'stream' | 'encrypt' | 'decrypt';
export type PipelineRow = {
  size: number;
  works: Partial<Record<Way, Work>>;
  /** Of the last round. */
  calls: { encrypt: Calls; decrypt: Calls };
};

type Sizes = { size: number; rounds: number }[];
export type PipelineObjects = Map<number, { measured: Planted; warming: Planted }[]>;

/** Into a cloud that is not running: an object for each round, and a small one to begin with. */
export async function plantPipeline(data: string, sizes: Sizes): Promise<PipelineObjects> {
  const objects: PipelineObjects = new Map();
  for (const { size, rounds } of sizes) {
    const names = Array.from({ length: rounds }, (_, round) => `${size}/${round}`);
    const measured = await plantAll(names.map((name) => ({ key: `pipeline/${name}`, size })));
    const warming = await plantAll(names.map((name) => ({ key: `warming/${name}`, size: 4096 })));
    objects.set(
      size,
      measured.flatMap((one, index) => (warming[index] ? { measured: one, warming: warming[index] } : [])),
    );
  }
  return objects;

  function plantAll(wishes: Wish[]): Promise<Planted[]> {
    return plant(data, INBOX, wishes);
  }
}

export type PipelineTools = { stage: Stage; data: string; copyRuntime: string };
type Sample = { ms: number; cpuMs: number; peakBytes: number };

/** Copies, seals and opens each object in turn, each in a process that has done so with a small one before. */
export async function measurePipeline(
  tools: PipelineTools,
  size: number,
  objects: { measured: Planted; warming: Planted }[],
): Promise<PipelineRow> {
  const samples: Record<Way, Sample[]> = { copy: [], stream: [], encrypt: [], decrypt: [] };
  let calls: PipelineRow['calls'] = { encrypt: {}, decrypt: {} };
  for (const { measured, warming } of objects) {
    samples.copy.push(await copied(tools, { measured, warming }, 'parts'));
    if (size <= PUT_MAX) samples.stream.push(await copied(tools, { measured, warming }, 'stream'));
    const { stage, data } = tools;
    await stage.renew('encrypt');
    await stage.seal(warming);
    stage.takeCalls();
    samples.encrypt.push(sampleOf(await stage.seal(measured)));
    const encrypt = stage.takeCalls();
    await stage.renew('decrypt');
    await stage.open(warming.key);
    stage.takeCalls();
    const open = () => stage.open(measured.key);
    samples.decrypt.push(sampleOf(await hollowing({ data, bucket: DOWNLOADS }, open)));
    calls = { encrypt, decrypt: stage.takeCalls() };
    await clean(stage.local);
  }
  return { size, works: worksOf(samples, size), calls };
}

async function copied(
  { stage, data, copyRuntime }: PipelineTools,
  { measured, warming }: { measured: Planted; warming: Planted },
  how: 'parts' | 'stream',
): Promise<Sample> {
  const copier = await startCopier(copyRuntime, stage.local);
  try {
    const { key, size } = measured;
    await copier.copy({ key: warming.key, size: warming.size, how });
    const took = await hollowing({ data, bucket: VAULT }, () => copier.copy({ key, size, how }));
    return copySample(took);
  } finally {
    copier.close();
    await clean(stage.local);
  }
}

function copySample({ durationsMs, cpuMs, peakBytes }: Copied): Sample {
  return { ms: durationsMs[0] ?? Number.NaN, cpuMs, peakBytes };
}

function sampleOf({ durationMs, cpuMs, maxMemoryBytes }: Report): Sample {
  return { ms: durationMs, cpuMs, peakBytes: maxMemoryBytes };
}

function worksOf(samples: Record<Way, Sample[]>, size: number): PipelineRow['works'] {
  const figureOf = (way: Way, unit: string, value: (sample: Sample) => number) =>
    figure(unit, samples[way].map(value));
  const seconds = (way: Way) => figureOf(way, 's', ({ ms }) => ms / 1000);
  const workOf = (way: Way): Work => ({
    seconds: seconds(way),
    cpuSeconds: figureOf(way, 'CPU-s', ({ cpuMs }) => cpuMs / 1000),
    cpuSecondsPerGiB: figureOf(way, 'CPU-s per GiB', ({ cpuMs }) => (cpuMs / 1000 / size) * GiB),
    peakMB: figureOf(way, 'MB', ({ peakBytes }) => peakBytes / MB),
    toCopy: ratio(seconds(way), seconds('copy')),
  });
  const ways: Way[] = ['copy', 'stream', 'encrypt', 'decrypt'];
  const measured = ways.filter((way) => samples[way].length > 0);
  return Object.fromEntries(measured.map((way) => [way, workOf(way)]));
}
