import type { Curve } from './growth/curve';
import { bytes, to } from './words';

const [WIDTH, HEIGHT, COLUMNS] = [300, 230, 3];
/** Where a panel's axes are. */
const BOX = { left: 52, right: 16, top: 34, bottom: 42 };
// Of a contrast of 3 and more on white and on black.
const [TEXT, LINE, TIME, MEMORY] = ['#7a828c', '#8b949e', '#2f81f7', '#d9730d'];

/** The curves as drawings side by side, both axes logarithmic and relative to the smallest; no background of its own. */
export function drawn(curves: Curve[]): string {
  const rows = Math.ceil(curves.length / COLUMNS);
  const [width, height] = [WIDTH * COLUMNS, HEIGHT * rows + 28];
  const panels = curves.map((curve, index) => {
    const [x, y] = [(index % COLUMNS) * WIDTH, Math.floor(index / COLUMNS) * HEIGHT];
    return `<g transform="translate(${x} ${y})">\n${panel(curve)}\n</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" fill="${TEXT}">`,
    '<title>How time and memory grow, relative to the smallest</title>',
    ...panels,
    legend(height - 10),
    '</svg>\n',
  ].join('\n');
}

function panel({ of, points, time, memory }: Curve): string {
  const [first] = points;
  if (!first) return '';
  const most = Math.max(
    ...points.map(({ x, seconds }) => Math.max(x / first.x, seconds.median / first.seconds.median)),
  );
  const place = scale(most);
  const at = (x: number, y: number) => `${to(1, place.x(x))},${to(1, place.y(y))}`;
  const line = (of: (point: Curve['points'][number]) => number) =>
    points.map((point) => at(point.x / first.x, of(point))).join(' ');
  const seconds = line((point) => point.seconds.median / first.seconds.median);
  const peaks = line((point) => point.peakMB.median / first.peakMB.median);
  return [
    `<text x="${BOX.left}" y="16" font-weight="600">${of}</text>`,
    `<text x="${BOX.left}" y="29" font-size="10">time ~ n^${to(2, time)}, memory ~ n^${to(2, memory)}</text>`,
    axes({ most, smallest: smallestOf(of, first.x) }, place),
    `<line x1="${place.x(1)}" y1="${place.y(1)}" x2="${place.x(most)}" y2="${place.y(most)}" stroke="${LINE}" stroke-dasharray="2 4"/>`,
    curve(seconds, TIME),
    curve(peaks, MEMORY),
  ].join('\n');
}

function curve(points: string, color: string): string {
  const dots = points.split(' ').map((point) => {
    const [x, y] = point.split(',');
    return `<circle cx="${x}" cy="${y}" r="3" fill="${color}"/>`;
  });
  return `<polyline points="${points}" fill="none" stroke="${color}" stroke-width="2"/>${dots.join('')}`;
}

type Scale = { x: (value: number) => number; y: (value: number) => number };

function scale(most: number): Scale {
  const [across, up] = [WIDTH - BOX.left - BOX.right, HEIGHT - BOX.top - BOX.bottom];
  const share = (value: number) => Math.log(value) / Math.log(Math.max(most, 2));
  // What shrinks is drawn on the axis.
  return {
    x: (value) => BOX.left + across * share(value),
    y: (value) => HEIGHT - BOX.bottom - up * Math.max(0, share(value)),
  };
}

function axes({ most, smallest }: { most: number; smallest: string }, { x, y }: Scale): string {
  const marks = ticks(most).map(
    (value) =>
      `<text x="${to(1, x(value))}" y="${y(1) + 14}" text-anchor="middle">${value}×</text>` +
      `<text x="${x(1) - 6}" y="${to(1, y(value) + 4)}" text-anchor="end">${value}×</text>`,
  );
  const corner = `${x(1)},${y(most)} ${x(1)},${y(1)} ${x(most)},${y(1)}`;
  const name = `<text x="${(x(1) + x(most)) / 2}" y="${y(1) + 30}" text-anchor="middle">1× is ${smallest}</text>`;
  return [`<polyline points="${corner}" fill="none" stroke="${LINE}"/>`, ...marks, name].join('\n');
}

function smallestOf(of: string, x: number): string {
  return of.startsWith('bytes') ? bytes(x) : String(x);
}

/** Powers of two, four or ten: at most five. */
function ticks(most: number): number[] {
  const step = [2, 4, 10, 100].find((base) => Math.log(most) / Math.log(base) < 5) ?? 1000;
  const count = Math.floor(Math.log(most) / Math.log(step) + 1e-9);
  return Array.from({ length: count + 1 }, (_, power) => step ** power);
}

function legend(y: number): string {
  const entries = [
    [TIME, 'time'],
    [MEMORY, 'peak memory'],
    [LINE, 'straight (dotted)'],
  ] as const;
  return entries
    .map(
      ([color, name], index) =>
        `<rect x="${BOX.left + index * 120}" y="${y - 8}" width="16" height="3" fill="${color}"/>` +
        `<text x="${BOX.left + index * 120 + 22}" y="${y - 3}">${name}</text>`,
    )
    .join('\n');
}
