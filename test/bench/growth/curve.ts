import type { Report } from '../../../infra/local/fc/server';
import { exponent, type Figure, figure } from '../figure';

/** `peakMB`: of the one instance that held most. */
export type Point = { x: number; seconds: Figure; peakMB: Figure };
/** `time` and `memory`: exponents; 1 is straight, 0 is flat. */
export type Curve = { name: string; of: string; points: Point[]; time: number; memory: number };

export function curveOf(name: string, of: string, points: Point[]): Curve {
  const grows = (y: (point: Point) => Figure) =>
    exponent(points.map((point) => ({ x: point.x, y: y(point).median })));
  return { name, of, points, time: grows(({ seconds }) => seconds), memory: grows(({ peakMB }) => peakMB) };
}

export function pointOf(x: number, rounds: Pick<Report, 'durationMs' | 'maxMemoryBytes'>[]): Point {
  return {
    x,
    seconds: figure(
      's',
      rounds.map(({ durationMs }) => durationMs / 1000),
    ),
    peakMB: figure(
      'MB',
      rounds.map(({ maxMemoryBytes }) => maxMemoryBytes / 1e6),
    ),
  };
}
