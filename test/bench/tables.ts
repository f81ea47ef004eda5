import { type Calls, kmsCalls, ossCalls } from './cloud/calls';
import type { CodecResult } from './codec/measure';
import type { SparseRange } from './codec/sparse-range';
import type { ColdRow } from './cold';
import type { Goal } from './goal';
import type { Curve } from './growth/curve';
import type { PipelineRow, Way } from './pipeline';
import type { SmallResult } from './small';
import { table } from './table';
import { bytes, shown, times, to } from './words';

export function codecTable({ rows, attainable }: CodecResult): string {
  const body = rows.map(({ name, seal, open, about }) => [
    ...[name, shown(seal.speed, 0), shown(seal.toRaw), shown(open.speed, 0), shown(open.toRaw)],
    about,
  ]);
  const head = ['MB per CPU-second', 'seal', 'to raw', 'open', 'to raw', ''];
  const [seal, open] = [shown(attainable.seal), shown(attainable.open)];
  return `${table(head, body)}\n\nof a cipher per chunk, which the format takes: seal ${seal}, open ${open}`;
}

export function rangeLine({ bytes: size, chunks, requests }: SparseRange): string {
  return `${bytes(size)} out of an envelope of 1 TiB: ${chunks} chunks, ${requests} request`;
}

const WAYS: Record<Way, string> = {
  copy: 'plain copy, 4 ranges at once',
  stream: 'plain copy, one stream',
  encrypt: 'encrypt',
  decrypt: 'decrypt',
};

export function pipelineTable(rows: PipelineRow[]): string {
  const body = rows.flatMap(({ size, works, calls }) =>
    (['copy', 'stream', 'encrypt', 'decrypt'] as const).flatMap((way) => {
      const work = works[way];
      if (!work) return [];
      const { seconds, toCopy, cpuSecondsPerGiB, peakMB } = work;
      const made: Calls | undefined = way === 'encrypt' || way === 'decrypt' ? calls[way] : undefined;
      return [
        [
          ...[`${bytes(size)}  ${WAYS[way]}`, shown(toCopy), shown(seconds), shown(cpuSecondsPerGiB)],
          ...[shown(peakMB, 0), made ? `${ossCalls(made)} + ${kmsCalls(made)}` : ''],
        ],
      ];
    }),
  );
  const head = ['through the local cloud', 'wall', 'seconds', 'CPU-s per GiB', 'peak MB', 'OSS + KMS calls'];
  return table(head, body);
}

/** By what a call of the encrypt function serves (functions/encrypt/PROTOCOL.md). */
const SERVES: Record<string, string> = {
  ListObjectVersions:
    'the upload is the newest, before sealing and again before removing: none is lost or hidden',
  GetObject: 'one version, pinned: what is sealed is what was found',
  'kms:GenerateDataKey': 'a fresh key for each envelope, wrapped by KMS',
  PutObject: 'the envelope, its checksum compared with what OSS stored',
  DeleteObject: 'exactly the version that was read, by its id',
};

export function smallTable({ objects, seal, copy, toCopy, cpuMs, calls }: SmallResult): string {
  const rows = [
    ['plain copy', '1.00', shown(copy.perSecond, 0), to(1, copy.p50), to(1, copy.p99)],
    ['encrypt', shown(toCopy), shown(seal.perSecond, 0), to(1, seal.p50), to(1, seal.p99)],
  ];
  const head = [`${objects} objects of 4 KiB, one by one`, 'rate', 'objects/s', 'p50 ms', 'p99 ms'];
  const served = Object.entries(calls).map(([name, count]) => [name, to(2, count), SERVES[name] ?? '']);
  const cpu = `${shown(cpuMs, 1)} CPU-ms for each`;
  return `${table(head, rows)}\n${cpu}\n\n${table(['calls for each', '', 'serves'], served)}`;
}

export function coldTable(rows: ColdRow[]): string {
  const body = rows.map(({ name, cold, over, warm, bundleBytes }) => [
    ...[name, shown(cold, 0), name === 'bare' ? '' : shown(over, 0), shown(warm, 0)],
    bundleBytes === 0 ? '' : to(2, bundleBytes / 1e6),
  ]);
  return table(['start to first answer, ms', 'cold', 'over bare', 'warm', 'MB minified'], body);
}

export function growthTable(curves: Curve[]): string {
  const body = curves.flatMap(({ of, points, time, end, memory }) => {
    const [first] = points;
    const rows = points.map(({ x, seconds, cpuSeconds, peakMB }) => [
      ...[
        `  ${of.startsWith('bytes') ? bytes(x) : x}`,
        times(x / (first?.x ?? x)),
        times(seconds.median / (first?.seconds.median ?? 1)),
      ],
      ...[times(peakMB.median / (first?.peakMB.median ?? 1)), shown(seconds, 3), shown(cpuSeconds, 3)],
      shown(peakMB, 0),
    ]);
    const head = [`n^${to(2, time)}, at the end n^${to(2, end)}`, `n^${to(2, memory)}`];
    return [['', '', '', '', '', '', ''], [of, '', ...head, '', '', ''], ...rows];
  });
  return table(['growth', 'n', 'time', 'memory', 'seconds', 'CPU-s', 'peak MB'], body.slice(1));
}

export function goalsTable(goals: Goal[]): string {
  const rows = goals.map(({ goal, figure, met, reason }) => [
    ...[goal, met ? 'met' : 'NOT MET', figure],
    reason ?? '',
  ]);
  return table(['goal', '', 'figure', 'of the rest'], rows);
}
