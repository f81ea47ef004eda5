import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Arguments, readArguments, type Section } from './arguments';
import { startStage } from './cloud/stage';
import { measureCodecs } from './codec/measure';
import { createSparseRange } from './codec/sparse-range';
import { measureColdStarts, plantCold } from './cold';
import { folderFor } from './folder';
import { goalsOf } from './goals';
import { type Curve, curveOf } from './growth/curve';
import { measureGrowth } from './growth/measure';
import { thisMachine } from './machine';
import { measurePipeline, type PipelineRow, plantPipeline } from './pipeline';
import { largestOf, type Plan, upTo } from './plan';
import type { Results } from './results';
import { measureSmall, plantSmall } from './small';
import { drawn } from './svg';
import {
  codecTable,
  coldTable,
  goalsTable,
  growthTable,
  pipelineTable,
  rangeLine,
  smallTable,
} from './tables';
import { bytes } from './words';

const CODEC_RUNTIME = resolve('dist/local/bench-codec.js');
const COPY_RUNTIME = resolve('dist/local/bench-copy.js');

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type Measured = Omit<Results, 'goals' | 'seconds'>;

/** Measures, prints as it goes; exit code 1 where a short run finds a gross regression. */
async function main(): Promise<number> {
  const began = performance.now();
  const args = readArguments(process.argv.slice(2));
  const results: Measured = { machine: thisMachine(), arguments: process.argv.slice(2), leftOut: [] };
  const { cpu, cores, node, openssl, date, commit, loadBefore } = results.machine;
  console.log(
    `${cores} × ${cpu}, node ${node}, OpenSSL ${openssl}, ${date}, commit ${commit}, load ${loadBefore}`,
  );
  await measure(args, results);
  const goals = goalsOf(results);
  const seconds = Math.round((performance.now() - began) / 1000);
  for (const what of results.leftOut) console.log(`\nleft out: ${what}`);
  console.log(`\ngoals\n\n${goalsTable(goals)}\n\n${seconds} s`);
  if (args.json) writeFileSync(args.json, `${JSON.stringify({ ...results, seconds, goals }, null, 1)}\n`);
  if (args.svg && results.growth) writeFileSync(args.svg, drawn(results.growth));
  const isGross = goals.some(({ gross }) => gross === true);
  if (args.short && isGross) console.error('A gross regression: see what is not met.');
  return args.short && isGross ? 1 : 0;
}

async function measure({ plan, sections }: Arguments, results: Measured): Promise<void> {
  if (sections.has('codec')) {
    results.codec = await measureCodecs(CODEC_RUNTIME, plan.codec);
    results.range = await createSparseRange();
    console.log(`\n${codecTable(results.codec)}\n${rangeLine(results.range)}`);
  }
  if (['pipeline', 'small', 'cold'].some((name) => sections.has(name as Section)))
    await inFolder(plan, results, (data, fitting) =>
      measureFunctions({ data, plan: fitting, sections }, results),
    );
  if (sections.has('growth') && plan.growth) {
    const { growth } = plan;
    const curves = await inFolder(upTo(plan, 0), results, (data) => measureGrowth(data, growth));
    results.growth = [...sizeCurves(results.pipeline ?? []), ...(curves ?? [])];
    console.log(`\n${growthTable(results.growth)}`);
  }
}

/** Without the objects for which there is no room. */
async function inFolder<T>(
  plan: Plan,
  { leftOut }: Measured,
  work: (data: string, plan: Plan) => Promise<T>,
): Promise<T | undefined> {
  const largest = largestOf(plan);
  const data = folderFor(largest);
  if (data === undefined) {
    leftOut.push(`objects of ${bytes(largest)}: no folder has the room`);
    return largest === 0 ? undefined : inFolder(upTo(plan, largest - 1), { leftOut } as Measured, work);
  }
  const remove = () => rmSync(data, { recursive: true, force: true });
  const interrupt = () => {
    remove();
    process.exit(130);
  };
  for (const signal of SIGNALS) process.once(signal, interrupt);
  try {
    return await work(data, plan);
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, interrupt);
    remove();
  }
}

type Asked = { data: string; plan: Plan; sections: ReadonlySet<Section> };

/** One cloud, one instance of each function at a time. */
async function measureFunctions({ data, plan, sections }: Asked, results: Measured): Promise<void> {
  const options = { data: join(data), instances: 1 };
  await (await startStage(options)).close();
  const objects = await plantPipeline(data, sections.has('pipeline') ? plan.pipeline : []);
  const small = sections.has('small') ? await plantSmall(data, plan.small) : [];
  const cold = sections.has('cold') ? await plantCold(data, plan.cold) : [];
  const stage = await startStage(options);
  try {
    const tools = { stage, data, copyRuntime: COPY_RUNTIME };
    const rows: PipelineRow[] = [];
    for (const [size, each] of objects) {
      console.error(`… ${each.length} × ${bytes(size)}`);
      rows.push(await measurePipeline(tools, size, each));
    }
    if (rows.length > 0) console.log(`\n${pipelineTable(rows)}`);
    if (rows.length > 0) results.pipeline = rows;
    if (small.length > 0) {
      results.small = await measureSmall(tools, small);
      console.log(`\n${smallTable(results.small)}`);
    }
    if (cold.length > 0) {
      results.cold = await measureColdStarts(stage, cold);
      console.log(`\n${coldTable(results.cold)}`);
    }
  } finally {
    await stage.close();
  }
}

function sizeCurves(rows: PipelineRow[]): Curve[] {
  if (rows.length < 2) return [];
  return (['encrypt', 'decrypt'] as const).map((way) => {
    const points = rows.flatMap(({ size, works }) => {
      const work = works[way];
      return work ? [{ x: size, ...work }] : [];
    });
    return curveOf(`size ${way}`, `bytes of one object, ${way}`, points);
  });
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
