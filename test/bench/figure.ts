/** One thing measured several times; `rounds` in the order of the rounds. */
export type Figure = { unit: string; rounds: number[]; median: number; spread: number };

/** `spread`: half of what lies between the least and the most, as a share of the median. */
export function figure(unit: string, rounds: number[]): Figure {
  const middle = median(rounds);
  const spread = middle === 0 ? 0 : (Math.max(...rounds) - Math.min(...rounds)) / 2 / middle;
  return { unit, rounds, median: middle, spread };
}

/** How often `bottom` goes into `top`: round by round, as the two of one round were measured in turn. */
export function ratio(top: Figure, bottom: Figure): Figure {
  return figure(
    '×',
    top.rounds.map((value, round) => value / (bottom.rounds[round] ?? Number.NaN)),
  );
}

function median(values: number[]): number {
  return quantile(values, 0.5);
}

/** Between two of the values where it falls between them; NaN of none. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return below + (above - below) * (at - Math.floor(at));
}

/**
 * The exponent of a curve, y being about x to the power of it: the slope of the line through the logarithms that has
 * the least squares. 1 is straight.
 */
export function exponent(points: { x: number; y: number }[]): number {
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const mean = (axis: 'x' | 'y') => logs.reduce((sum, point) => sum + point[axis], 0) / logs.length;
  const [meanX, meanY] = [mean('x'), mean('y')];
  const covariance = logs.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / logs.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
}
