import type { Version } from '../../../functions/cloud/versions';
import { concernsAll } from '../../terminal/concerns-all';
import { asFailure, type Failure } from '../../terminal/failure';
import { duration } from '../../terminal/human';
import type { Output } from '../../terminal/output';
import { shown } from '../../terminal/shown';
import type { Waiting } from './reason';

/** What was seen: for programs and for people. `failures`: what could not be looked at. */
export type Screen = { items: object[]; lines: string[]; failures: Failure[] };

/** One thing to look at. What keeps it from being seen does not keep the others. */
export async function section(name: string, look: () => Promise<Omit<Screen, 'failures'>>): Promise<Screen> {
  try {
    return { ...(await look()), failures: [] };
  } catch (error) {
    const failure = asFailure(error);
    if (concernsAll(failure)) throw failure;
    const { code, message } = failure;
    const items = [{ section: name, error: { code, message } }];
    return { items, lines: [headed(name, `cannot tell: ${message} (${code})`)], failures: [failure] };
  }
}

export function show(output: Output, screens: Screen[]): void {
  for (const { items, lines } of screens) {
    for (const item of items) output.item(item);
    for (const line of lines) output.say(line);
  }
}

export function headed(name: string, text: string): string {
  return `${name.padEnd(10)} ${text}`;
}

export function itemOf(bucket: string, { version, age, reason }: Waiting) {
  const { key, versionId, size: bytes, lastModified, isCurrent } = version;
  const ageSeconds = Math.floor(age);
  return { bucket, ...reason, key, versionId, bytes, lastModified, isCurrent, ageSeconds };
}

/** `refused: source-symlink`, and what more there is to say. */
export function reasonLines({ reason, age }: Waiting, what: string): string[] {
  const { kind, code, why, until, todo } = reason;
  const name = code === undefined ? kind : `${kind}: ${code}`;
  const when = until ? `, next ${momentText(until)}` : '';
  return [
    `  ${name.padEnd(28)} ${what}, ${duration(age * 1000)} old${when}`,
    `    ${shown(why)}`,
    ...(todo === undefined ? [] : [`    to do: ${todo}`]),
  ];
}

export function ageOf({ lastModified }: Pick<Version, 'lastModified'>, now: Date): string {
  return duration(Math.max(0, now.getTime() - Date.parse(lastModified)));
}

export function momentText(moment: Date): string {
  return moment.toISOString().replace(/\.\d+Z$/, 'Z');
}
