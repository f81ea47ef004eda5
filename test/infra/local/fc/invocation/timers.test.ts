import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningFc, runFc, timerTrigger } from '../running-fc';

const code = `exports.handler = async (event) => console.log(event.toString());`;
const minutes = 60_000;

let time = Date.UTC(2026, 7, 23);
let fc: RunningFc;
beforeAll(async () => {
  fc = await runFc(
    {
      sweep: {
        code,
        triggers: [timerTrigger({ cronExpression: '@every 5m', enable: true, payload: 'awesome-fc' })],
      },
      off: { code, triggers: [timerTrigger({ cronExpression: '@every 5m', enable: false })] },
    },
    { now: () => time },
  );
});
afterAll(() => fc.close());

/** What fires when the clock has moved so far. */
async function told(ms: number) {
  time += ms;
  await fc.tick();
  await fc.idle();
  return fc.reports.splice(0).map(({ functionName, logs }) => [functionName, JSON.parse(logs[0] ?? '')]);
}
const event = (triggerTime: string) => [
  'sweep',
  { triggerTime, triggerName: 'timer', payload: 'awesome-fc' },
];

test('a timer fires when its time has come, and one that is off does not [documented]', async () => {
  expect(await told(5 * minutes - 1)).toEqual([]);
  expect(await told(1)).toEqual([event('2026-08-23T00:05:00Z')]);
  expect(await told(0)).toEqual([]);
});

test('a clock that jumps over many times fires a timer once, for the last of them [assumed]', async () => {
  expect(await told(24 * 60 * minutes)).toEqual([event('2026-08-24T00:05:00Z')]);
  expect(await told(5 * minutes)).toEqual([event('2026-08-24T00:10:00Z')]);
});
