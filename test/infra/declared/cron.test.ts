import { expect, test } from 'vitest';
import { nextTime } from '../../../infra/declared/cron';

const next = (expression: string, after: string) =>
  new Date(nextTime(expression, Date.parse(after))).toISOString();

test.each([
  ['@every 5m', '2026-08-23T00:00:00.000Z', '2026-08-23T00:05:00.000Z'],
  ['@every 1h30m', '2026-08-23T00:00:00.000Z', '2026-08-23T01:30:00.000Z'],
  ['0 0 4 * * *', '2026-08-23T00:00:00.000Z', '2026-08-23T04:00:00.000Z'],
  ['0 0 4 * * *', '2026-08-23T04:00:00.000Z', '2026-08-24T04:00:00.000Z'],
  ['30 3/5 * * * *', '2026-08-23T00:03:30.000Z', '2026-08-23T00:08:30.000Z'],
  ['0 0,30 10-12 * * *', '2026-08-23T10:30:00.000Z', '2026-08-23T11:00:00.000Z'],
  ['0 0 0 ? * MON,WED,FRI', '2026-08-23T00:00:00.000Z', '2026-08-24T00:00:00.000Z'],
  ['0 0 0 ? * 7', '2026-08-23T00:00:00.000Z', '2026-08-30T00:00:00.000Z'],
  ['0 0 12 29 FEB ?', '2026-08-23T00:00:00.000Z', '2028-02-29T12:00:00.000Z'],
  ['CRON_TZ=Asia/Shanghai 0 0 4 1 * *', '2026-08-23T00:00:00.000Z', '2026-08-31T20:00:00.000Z'],
  ['CRON_TZ=UTC 0 0 4 * * *', '2026-08-23T00:00:00.000Z', '2026-08-23T04:00:00.000Z'],
])('%s after %s is %s [documented]', (expression, after, expected) => {
  expect(next(expression, after)).toBe(expected);
});

test.each([
  ['0 4 * * *', 'it has not six fields'],
  ['0 0 4 * * * 2026', 'it has not six fields'],
  ['* 0 4 * * *', 'its seconds are not one number'],
  ['0 60 4 * * *', '"60" is not from 0 to 59'],
  ['0 0 4 * * MO', '"MO" is not from 1 to 7'],
  ['0 0 4 0 * *', '"0" is not from 1 to 31'],
  ['0 0 12-10 * * *', '12-10 ends before it begins'],
  ['0 */0 * * * *', 'is not from'],
  ['0 0 0 31 FEB *', 'it names no time of the next four years'],
  ['@every 30s', '@every takes a length'],
  ['@every 5', '@every takes a length'],
  ['@daily', 'it has not six fields'],
  ['CRON_TZ=Mars/Base 0 0 4 * * *', 'Mars/Base'],
])('%s is refused: %s [assumed]', (expression, why) => {
  expect(() => nextTime(expression, 0)).toThrow(why);
});
