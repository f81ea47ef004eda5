const UNITS = { h: 3_600_000, m: 60_000, s: 1000 };
const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'MON TUE WED THU FRI SAT SUN'.split(' ');
const DAY = 86_400_000;

/**
 * The first time (ms) after `after` (ms) that a timer's expression names (docs: "Time triggers"): `@every 5m`, or
 * `Seconds Minutes Hours Day-of-month Month Day-of-week`, in UTC or, after `CRON_TZ=Asia/Shanghai `, in that zone.
 * Throws an Error that says what is wrong with the expression.
 */
export function nextTime(expression: string, after: number): number {
  if (expression.startsWith('@every ')) return after + interval(expression.slice(7).trim());
  const [, zone = 'UTC', fields = expression] = /^CRON_TZ=(\S+)\s+(.*)$/.exec(expression) ?? [];
  const matches = schedule(fields);
  const offsetOf = zoneOffset(zone);
  let time = Math.floor(after / 1000) * 1000 + 1000;
  const end = after + 4 * 366 * DAY;
  while (time < end) {
    const step = untilMatch(new Date(time + offsetOf(time)), matches);
    if (step === 0) return time;
    time += step;
  }
  throw new Error('it names no time of the next four years');
}

function interval(text: string): number {
  const parts = [...text.matchAll(/(\d+)([hms])/g)];
  const ms = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * UNITS[unit as keyof typeof UNITS],
    0,
  );
  if (parts.map(([part]) => part).join('') !== text || ms < UNITS.m) {
    throw new Error('@every takes a length like 5m or 1h30m, of one minute or more');
  }
  return ms;
}

type Schedule = Record<'second' | 'minute' | 'hour' | 'day' | 'month' | 'weekday', Set<number>>;

function schedule(fields: string): Schedule {
  const [second = '', minute = '', hour = '', day = '', month = '', weekday = '', ...more] = fields
    .trim()
    .split(/\s+/);
  if (weekday === '' || more.length > 0) throw new Error('it has not six fields');
  if (!/^\d+$/.test(second)) throw new Error('its seconds are not one number');
  return {
    second: values(second, { from: 0, to: 59 }),
    minute: values(minute, { from: 0, to: 59 }),
    hour: values(hour, { from: 0, to: 23 }),
    day: values(day, { from: 1, to: 31 }),
    month: values(month, { from: 1, to: 12, names: MONTHS }),
    weekday: values(weekday, { from: 1, to: 7, names: WEEKDAYS }),
  };
}

type Field = { from: number; to: number; names?: string[] };

function values(text: string, field: Field): Set<number> {
  const found = new Set<number>();
  for (const item of text.split(',')) {
    const { first, last, step } = range(item, field);
    for (let value = first; value <= last; value += step) found.add(value);
  }
  return found;
}

function range(item: string, field: Field): { first: number; last: number; step: number } {
  const [, span = '', every] = /^([^/]+)(?:\/([1-9]\d*))?$/.exec(item) ?? [];
  const step = Number(every ?? 1);
  if (span === '*' || (span === '?' && !every)) return { first: field.from, last: field.to, step };
  const [low = '', high] = span.split('-');
  const first = number(low, field);
  const last = high !== undefined ? number(high, field) : every ? field.to : first;
  if (last < first) throw new Error(`${item} ends before it begins`);
  return { first, last, step };
}

function number(text: string, { from, to, names = [] }: Field): number {
  const named = names.indexOf(text.toUpperCase());
  const value = named >= 0 ? named + from : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= from && value <= to))
    throw new Error(`${JSON.stringify(text)} is not from ${from} to ${to}`);
  return value;
}

/** How far to go from a time (its fields read as UTC) until it may match, ms; 0 when it does. */
function untilMatch(date: Date, { second, minute, hour, day, month, weekday }: Schedule): number {
  const sinceMidnight = date.getTime() % DAY;
  const isDay = day.has(date.getUTCDate()) && month.has(date.getUTCMonth() + 1);
  if (!isDay || !weekday.has(date.getUTCDay() || 7)) return DAY - sinceMidnight;
  if (!hour.has(date.getUTCHours())) return UNITS.h - (sinceMidnight % UNITS.h);
  if (!minute.has(date.getUTCMinutes())) return UNITS.m - (sinceMidnight % UNITS.m);
  return second.has(date.getUTCSeconds()) ? 0 : UNITS.s;
}

/** What to add to a time to read that zone's clock with UTC's fields, ms. */
function zoneOffset(zone: string): (time: number) => number {
  if (zone === 'UTC') return () => 0;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  return (time) => {
    const [, sign, hours = '0', minutes = '0'] = /GMT(?:([+-])(\d+):(\d+))?$/.exec(format.format(time)) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * UNITS.h + Number(minutes) * UNITS.m);
  };
}
