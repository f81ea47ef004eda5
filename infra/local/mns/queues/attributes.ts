import { MnsError } from './errors';
import { childText, type Element } from './xml';

/** What can be set of a queue; seconds, MaximumMessageSize in bytes (docs: "CreateQueue"). */
export type Attributes = Record<AttributeName, number>;
type AttributeName = keyof typeof RANGES;

const RANGES = {
  DelaySeconds: { least: 0, most: 604_800, initial: 0 },
  MaximumMessageSize: { least: 1024, most: 65_536, initial: 65_536 },
  MessageRetentionPeriod: { least: 60, most: 604_800, initial: 345_600 },
  VisibilityTimeout: { least: 1, most: 43_200, initial: 30 },
  PollingWaitSeconds: { least: 0, most: 30, initial: 0 },
};
const NAMES = Object.keys(RANGES) as AttributeName[];

export const DEFAULTS = Object.fromEntries(NAMES.map((name) => [name, RANGES[name].initial])) as Attributes;

/** The attributes that a request names. Throws InvalidArgument for one out of its range. */
export function readAttributes(queue: Element): Partial<Attributes> {
  const given: Partial<Attributes> = {};
  for (const name of NAMES) {
    const text = childText(queue, name);
    if (text !== undefined) given[name] = inRange(text, { name, ...RANGES[name] });
  }
  return given;
}

export type Range = { name: string; least: number; most: number };

/** A whole number of a request. Throws InvalidArgument. */
export function inRange(text: string, { name, least, most }: Range): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new MnsError('InvalidArgument', `${name} should between ${least} and ${most} seconds/bytes`);
}
