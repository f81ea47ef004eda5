import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { EventDeed } from '../../../../infra/local/faults/fault';
import type { Report } from '../../../../infra/local/fc/server';
import { buildRuntime, ossTrigger, writeApp } from '../fc/running-fc';
import { newFolder } from '../new-folder';
import { runCloud } from '../running-cloud';

const code = 'exports.handler = async (event) => console.log(JSON.parse(event).events[0].oss.object.key);';
let cloud: Awaited<ReturnType<typeof runCloud>>;
let runtime: string;
const reports: Report[] = [];

beforeAll(async () => {
  const data = await newFolder();
  runtime = await buildRuntime(data);
  cloud = await runCloud({ data, runtime, onReport: (report) => reports.push(report) });
  await cloud.deploy(await writeApp(data, { f: { code, triggers: [ossTrigger('inbox')] } }), {});
});
afterEach(async () => {
  await cloud.faults.clear();
  await cloud.idle();
  reports.length = 0;
});

const keys = () => reports.map(({ logs }) => logs[0]);
async function put(...names: string[]) {
  for (const name of names) {
    await cloud.client.put(name, Buffer.from('1'));
    await cloud.idle();
  }
}
const fault = (key: string, deed: EventDeed) =>
  cloud.faults.add({ match: { service: 'event', operation: 'ObjectCreated:PutObject', key }, do: deed });

describe('an event', () => {
  test('never comes [assumed]', async () => {
    fault('a', { drop: true });
    await put('a', 'b', 'a');
    expect(keys()).toEqual(['b', 'a']);
  });

  test('comes twice [assumed]', async () => {
    fault('a', { twice: true });
    await put('a');
    expect(keys()).toEqual(['a', 'a']);
  });

  test('comes when the clock says so [assumed]', async () => {
    fault('a', { delayUntil: cloud.clock.now() + 3_600_000 });
    await put('a', 'b');
    expect(keys()).toEqual(['b']);
    await cloud.clock.advance(3_600_000);
    await cloud.idle();
    expect(keys()).toEqual(['b', 'a']);
  });

  test('changes places with the next [assumed]', async () => {
    fault('a', { afterNextEvent: true });
    await put('a', 'b', 'c');
    expect(keys()).toEqual(['b', 'a', 'c']);
  });

  test('comes when it is released [assumed]', async () => {
    fault('a', { afterNextEvent: true });
    await put('a');
    expect(keys()).toEqual([]);
    await cloud.faults.release();
    await cloud.idle();
    expect(keys()).toEqual(['a']);
  });
});

test('an event that is held when the cloud closes comes after the next deployment [assumed]', async () => {
  const data = await newFolder();
  const seen: Report[] = [];
  const onReport = (report: Report) => void seen.push(report);
  const sYaml = await writeApp(data, { f: { code, triggers: [ossTrigger('inbox')] } });
  const first = await runCloud({ data, runtime, onReport });
  first.faults.add({ match: { service: 'event' }, do: { delayUntil: Number.MAX_SAFE_INTEGER } });
  await first.client.put('late', Buffer.from('1'));
  await first.close();
  const second = await runCloud({ data, runtime, onReport });
  await second.deploy(sYaml, {});
  await second.idle();
  expect(seen.map(({ logs }) => logs[0])).toEqual(['late']);
});
