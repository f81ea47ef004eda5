import { type ChildProcess, fork } from 'node:child_process';
import { answerOf } from '../answer';
import { type Figure, figure, ratio } from '../figure';
import type { Contestant } from './codec';
import { CONTESTANTS, OWN, PER_CHUNK, RAW_64, RAW_1024 } from './contestants';

type CodecRow = { name: string; about: string; seal: CodecFigures; open: CodecFigures };
/** `speed`: MB (decimal) per CPU-second; `toRaw`: to the better of the two of one cipher. */
type CodecFigures = { speed: Figure; toRaw: Figure };
/** `attainable`: ours to a cipher per chunk without anything around it. */
export type CodecResult = { rows: CodecRow[]; attainable: { seal: Figure; open: Figure } };

type Way = 'seal' | 'open';
type Running = Contestant & { child: ChildProcess; speeds: Record<Way, number[]> };

/** Seals and opens with each contestant in turn, `rounds` times; without `others` only with those of node:crypto and ours. */
export async function measureCodecs(
  runtime: string,
  { rounds, others }: { rounds: number; others: boolean },
): Promise<CodecResult> {
  const chosen = CONTESTANTS.filter(
    ({ name }) => others || [RAW_64, RAW_1024, PER_CHUNK, OWN].includes(name),
  );
  const running: Running[] = [];
  try {
    for (const one of chosen) running.push({ ...one, ...(await begin(runtime, one)) });
    // The first round is for the compiler of V8.
    for (let round = -1; round < rounds; round++) {
      for (const one of running)
        for (const way of ['seal', 'open'] as const) {
          const speed = await speedOf(one, way);
          if (round >= 0) one.speeds[way].push(speed);
        }
    }
    return resultOf(running);
  } finally {
    for (const { child } of running) if (child.connected) child.disconnect();
  }
}

async function begin(runtime: string, { name }: Contestant): Promise<Pick<Running, 'child' | 'speeds'>> {
  const child = fork(runtime, [name]);
  await answerOf(child);
  return { child, speeds: { seal: [], open: [] } };
}

async function speedOf({ child }: Running, way: Way): Promise<number> {
  child.send(way);
  const { bytes, cpuSeconds } = (await answerOf(child)) as { bytes: number; cpuSeconds: number };
  return bytes / 1e6 / cpuSeconds;
}

function resultOf(running: Running[]): CodecResult {
  const speeds = (name: string, way: Way) =>
    figure('MB per CPU-second', running.find((one) => one.name === name)?.speeds[way] ?? []);
  const better = (way: Way) => {
    const [small, large] = [speeds(RAW_64, way), speeds(RAW_1024, way)];
    return small.median > large.median ? small : large;
  };
  const figuresOf = (name: string, way: Way) => {
    const speed = speeds(name, way);
    return { speed, toRaw: ratio(speed, better(way)) };
  };
  const rows = running.map(({ name, about }) => ({
    name,
    about,
    seal: figuresOf(name, 'seal'),
    open: figuresOf(name, 'open'),
  }));
  const attainable = (way: Way) => ratio(speeds(OWN, way), speeds(PER_CHUNK, way));
  return { rows, attainable: { seal: attainable('seal'), open: attainable('open') } };
}
