import { expect, test } from 'vitest';
import { runFc, timerTrigger } from './running-fc';

const start = Date.UTC(2026, 7, 23);
const code = `exports.handler = async (event) => console.log(event.toString());`;

test('a timer fires when the clock passes its time, once for every move [documented]', async () => {
  let time = start;
  const fc = await runFc(
    {
      sweep: {
        code,
        triggers: [timerTrigger({ cronExpression: '@every 5m', enable: true, payload: 'awesome-fc' })],
      },
      off: { code, triggers: [timerTrigger({ cronExpression: '@every 5m', enable: false })] },
    },
    { now: () => time },
  );
  const told = async (ms: number) => {
    time += ms;
    await fc.tick();
    await fc.idle();
    return fc.reports.splice(0).map(({ functionName, logs }) => [functionName, JSON.parse(logs[0] ?? '')]);
  };
  const event = (triggerTime: string) => [
    'sweep',
    { triggerTime, triggerName: 'timer', payload: 'awesome-fc' },
  ];
  expect(await told(299_999)).toEqual([]);
  expect(await told(1)).toEqual([event('2026-08-23T00:05:00Z')]);
  expect(await told(0)).toEqual([]);
  expect(await told(24 * 3_600_000)).toEqual([event('2026-08-24T00:05:00Z')]);
  expect(await told(300_000)).toEqual([event('2026-08-24T00:10:00Z')]);
  await fc.close();
});
