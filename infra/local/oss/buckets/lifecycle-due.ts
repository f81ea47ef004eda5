import { OssError } from '../wire/errors';
import { type Node, text } from '../wire/xml';

/** When an action is due: so many days after the last change, for what is older than a date, or from a date on. */
export type Due = { days: number } | { olderThan: number } | { from: number };

const day = 24 * 60 * 60_000;

/** Whether it is time, for what was last changed then. Times in milliseconds. */
export function isDue(due: Due, changed: number, now: number): boolean {
  if ('days' in due) return now - changed >= due.days * day;
  if ('olderThan' in due) return changed < due.olderThan;
  return now >= due.from;
}

/** Reads Days, NoncurrentDays, CreatedBeforeDate or the older Date. Throws MalformedXML unless there is just one. */
export function readDue(node: Node, ec?: string): Due {
  const days = text(node, 'Days') ?? text(node, 'NoncurrentDays');
  const olderThan = text(node, 'CreatedBeforeDate');
  const from = text(node, 'Date');
  const given = [days, olderThan, from].filter((one) => one !== undefined);
  if (given.length !== 1) throw new OssError('MalformedXML', ec === undefined ? {} : { ec });
  if (days !== undefined) return { days: readDays(days) };
  if (olderThan !== undefined) return { olderThan: readMidnight(olderThan) };
  return { from: readMidnight(from ?? '') };
}

function readDays(days: string): number {
  if (/^[1-9]\d{0,8}$/.test(days)) return Number(days);
  throw invalid('Days', days);
}

function readMidnight(date: string): number {
  const time = Date.parse(date);
  if (/^\d{4}-\d\d-\d\dT00:00:00(\.000)?Z$/.test(date) && !Number.isNaN(time)) return time;
  throw invalid('CreatedBeforeDate', date);
}

function invalid(name: string, value: string): OssError {
  return new OssError('InvalidArgument', {
    message: `The ${name} of a lifecycle rule is invalid.`,
    extra: { ArgumentName: name, ArgumentValue: value },
  });
}
