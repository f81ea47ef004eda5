import type { Report } from '../../../infra/local/fc/server';
import { exponent, type Figure, figure } from '../figure';

/** `cpuSeconds`: of all instances; `peakMB`: of the one that held most. */
export type Point = { x: number; seconds: Figure; cpuSeconds: Figure; peakMB: Figure };
/** `time` and `memory`: exponents; 1 is straight, 0 is flat. `end`: that of time between the last two points. */
export type Curve = {
  name: string;
  of: string;
  points: Point[];
  time: number;
  end: number;
  memory: number;
};

/** What one run came to. */
export type Run = Pick<Report, 'durationMs' | 'cpuMs' | 'maxMemoryBytes'>;

export function curveOf(name: string, of: string, points: Point[]): Curve {
  const grows = (among: Point[], y: (point: Point) => Figure) =>
    exponent(among.map((point) => ({ x: point.x, y: y(point).median })));
  return {
    ...{ name, of, points, time: grows(points, ({ seconds }) => seconds) },
    end: grows(points.slice(-2), ({ seconds }) => seconds),
    memory: grows(points, ({ peakMB }) => peakMB),
  };
}

export function pointOf(x: number, runs: Run[]): Point {
  const figureOf = (unit: string, value: (run: Run) => number) => figure(unit, runs.map(value));
  return {
    x,
    seconds: figureOf('s', ({ durationMs }) => durationMs / 1000),
    cpuSeconds: figureOf('CPU-s', ({ cpuMs }) => cpuMs / 1000),
    peakMB: figureOf('MB', ({ maxMemoryBytes }) => maxMemoryBytes / 1e6),
  };
}
