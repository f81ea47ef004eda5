import { kmsCalls, ossCalls } from './cloud/calls';
import { PER_CHUNK } from './codec/contestants';
import type { CodecResult } from './codec/measure';
import type { ColdRow } from './cold';
import type { Goal } from './goal';
import type { Curve } from './growth/curve';
import type { PipelineRow, Way } from './pipeline';
import type { Results } from './results';
import type { SmallResult } from './small';
import { bytes, times, to } from './words';

type Measured = Omit<Results, 'goals' | 'seconds'>;

/** What the project wants of itself, beside what was measured. */
export function goalsOf({ codec, range, pipeline, small, cold, growth }: Measured): Goal[] {
  return [
    ...(codec ? codecGoals(codec) : []),
    ...(range ? [atMost('opening 64 KiB of 1 TiB touches at most 6 chunks', range.chunks, 6)] : []),
    ...(pipeline && pipeline.length > 0 ? pipelineGoals(pipeline) : []),
    ...(small ? smallGoals(small) : []),
    ...(cold ?? []).filter(({ name }) => name !== 'bare').flatMap(coldGoals),
    ...(growth ?? []).map(growthGoal),
  ];
}

function codecGoals({ rows, attainable }: CodecResult): Goal[] {
  const own = rows.find(({ name }) => name === 'oss-envelope');
  const perChunk = rows.find(({ name }) => name === PER_CHUNK);
  return (['seal', 'open'] as const).map((way) => {
    const share = own?.[way].toRaw.median ?? 0;
    const [possible, reached] = [perChunk?.[way].toRaw.median ?? 0, attainable[way].median];
    const goal = `${way} at least 0.95 of raw node:crypto`;
    return {
      ...{ goal, figure: `${to(2, share)} (${to(2, reached)} of a cipher per chunk)`, met: share >= 0.95 },
      ...(share < 0.95 && {
        reason: `node:crypto, asked for a cipher per 16 KiB as the format wants it, comes to ${to(2, possible)} itself`,
      }),
      gross: reached < 0.7,
    };
  });
}

function pipelineGoals(rows: PipelineRow[]): Goal[] {
  return (['encrypt', 'decrypt'] as const).flatMap((way) => wayGoals(rows, way));
}

function wayGoals(rows: PipelineRow[], way: 'encrypt' | 'decrypt'): Goal[] {
  const largest = rows.at(-1);
  const walls = rows.map(({ works }) => works[way]?.toCopy.median ?? Number.NaN);
  const peaks = rows.map(({ works }) => works[way]?.peakMB.median ?? Number.NaN);
  const cpu = cpuOf(largest, way);
  const copy = cpuOf(largest, 'copy');
  const most = Math.max(...peaks);
  const slowest = Math.max(...walls);
  return [
    {
      ...{ goal: `${way} at least as fast as the plain copy`, figure: times(slowest), met: slowest <= 1 },
      ...(slowest > 1 && {
        reason: `it takes ${to(2, cpu)} CPU-s per GiB, the copy ${to(2, copy)}`,
      }),
    },
    {
      ...{ goal: `${way} at most 2.0 CPU-seconds per GiB`, figure: to(2, cpu), met: cpu <= 2 },
      ...(cpu > 2 && { reason: `a plain copy by ali-oss takes ${to(2, copy)} of it` }),
    },
    flatGoal(rows, way),
    { ...atMost(`${way}: peak memory below 180 MB`, most, 180, 'MB'), gross: most > 250 },
    ...(way === 'encrypt' ? [dataKeyGoal(rows)] : []),
  ];
}

/** Within 15 %, as rounds of one size are apart. */
function flatGoal(rows: PipelineRow[], way: 'encrypt' | 'decrypt'): Goal {
  const [smallest, largest] = [rows[0], rows.at(-1)];
  const peakOf = (row: PipelineRow | undefined, of: Way) => row?.works[of]?.peakMB.median ?? Number.NaN;
  const span = (of: Way) => `${to(0, peakOf(smallest, of))} to ${to(0, peakOf(largest, of))} MB`;
  const met = peakOf(largest, way) <= 1.15 * peakOf(smallest, way);
  return {
    goal: `${way}: peak memory flat from ${bytes(smallest?.size ?? 0)} to ${bytes(largest?.size ?? 0)}`,
    ...{ figure: span(way), met },
    ...(!met && { reason: `a plain copy by ali-oss goes from ${span('copy')}` }),
  };
}

function cpuOf(row: PipelineRow | undefined, way: Way): number {
  return row?.works[way]?.cpuSecondsPerGiB.median ?? Number.NaN;
}

function dataKeyGoal(rows: PipelineRow[]): Goal {
  const counts = rows.map(({ calls }) => calls.encrypt['kms:GenerateDataKey'] ?? 0);
  const met = counts.every((count) => count === 1);
  return {
    goal: 'exactly one GenerateDataKey per object',
    figure: [...new Set(counts)].join(', '),
    met,
    gross: !met,
  };
}

function smallGoals({ calls }: SmallResult): Goal[] {
  const kms = kmsCalls(calls);
  return [
    atMost('a small object takes at most 5 OSS calls', ossCalls(calls), 5),
    { ...atMost('a small object takes 1 KMS call', kms, 1), gross: kms > 1 },
  ];
}

function coldGoals({ name, over, warm, bundleBytes }: ColdRow): Goal[] {
  const late = over.median;
  return [
    {
      ...atMost(`${name}: first event at most 120 ms over a bare handler`, late, 120, 'ms'),
      ...(late > 120 && {
        reason: `${to(0, warm.median)} ms are the event's own: so long it takes in a warm instance`,
      }),
    },
    atMost(`${name}: at most 1 MB minified`, bundleBytes / 1e6, 1, 'MB'),
  ];
}

/** A twentieth is what measuring leaves open, more between two points. */
function growthGoal({ of, time, end, memory }: Curve): Goal {
  const figure = `time ~ n^${to(2, time)} (end n^${to(2, end)}), memory ~ n^${to(2, memory)}`;
  const met = time <= 1.05 && end <= 1.15 && memory <= 1.05;
  return { goal: `straight or better: ${of}`, figure, met };
}

function atMost(goal: string, value: number, limit: number, unit = ''): Goal {
  const digits = Number.isInteger(value) || value > 100 ? 0 : 2;
  return { goal, figure: `${to(digits, value)} ${unit}`.trim(), met: value <= limit };
}
