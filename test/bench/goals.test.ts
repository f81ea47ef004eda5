import { expect, test } from 'vitest';
import type { CodecResult } from './codec/measure';
import { figure } from './figure';
import { goalsOf } from './goals';
import { thisMachine } from './machine';
import type { PipelineRow, Work } from './pipeline';

const measured = { machine: thisMachine(), arguments: [], leftOut: [] };

function codec(own: number, perChunk: number): CodecResult {
  const figures = (share: number) => ({ speed: figure('', [share]), toRaw: figure('×', [share]) });
  const row = (name: string, share: number) => ({
    ...{ name, about: '', seal: figures(share), open: figures(share) },
  });
  const attainable = figure('×', [own / perChunk]);
  return {
    rows: [row('node:crypto, per chunk', perChunk), row('oss-envelope', own)],
    attainable: { seal: attainable, open: attainable },
  };
}

function pipeline(peakMB: number, dataKeys: number): PipelineRow {
  const one = (value: number) => figure('', [value]);
  const work: Work = {
    ...{ seconds: one(1), toCopy: one(1), cpuSeconds: one(1), cpuSecondsPerGiB: one(1) },
    peakMB: one(peakMB),
  };
  const calls = { encrypt: { 'kms:GenerateDataKey': dataKeys }, decrypt: {} };
  return { size: 2 ** 30, works: { copy: work, encrypt: work, decrypt: work }, calls };
}

const missed = (results: Parameters<typeof goalsOf>[0]) => goalsOf(results).filter(({ met }) => !met);
const isGross = (results: Parameters<typeof goalsOf>[0]) => goalsOf(results).some(({ gross }) => gross);

test('a codec that reaches what is attainable is told whose the rest is, and stops no build', () => {
  const results = { ...measured, codec: codec(0.5, 0.52) };
  expect(missed(results).map(({ reason }) => reason)).toEqual([
    expect.stringContaining('node:crypto'),
    expect.stringContaining('node:crypto'),
  ]);
  expect(isGross(results)).toBe(false);
});

test.each([
  ['a codec at 0.69 of what is attainable', { codec: codec(0.69, 1) }, true],
  ['251 MB', { pipeline: [pipeline(251, 1)] }, true],
  ['250 MB', { pipeline: [pipeline(250, 1)] }, false],
  ['two data keys for one object', { pipeline: [pipeline(100, 2)] }, true],
])('gross: %s', (_, results, expected) => {
  expect(isGross({ ...measured, ...results })).toBe(expected);
});

test('what was not measured is no goal', () => {
  expect(goalsOf(measured)).toEqual([]);
});
