import { afterEach, describe, expect, test, vi } from 'vitest';
import { createClock, type Ticking } from '../../../../infra/local/gateway/clock';
import { buildRuntime, httpTrigger, writeApp } from '../fc/running-fc';
import { newFolder } from '../new-folder';
import { failure } from '../oss/client';
import { createKey, ossOf, runCloud } from '../running-cloud';

afterEach(() => vi.useRealTimers());

const HOUR = 3_600_000;
const noon = Date.parse('2026-11-21T12:00:00Z');

function clockAt(start: number, services: Ticking[] = []) {
  const real = { time: start };
  const clock = createClock({ real: () => real.time, services: () => services });
  return { clock, real };
}

describe('the clock', () => {
  test('is real time and what it was moved by [assumed]', async () => {
    const { clock, real } = clockAt(noon);
    await clock.advance(HOUR);
    real.time += 5;
    expect(clock.now()).toBe(noon + HOUR + 5);
    await clock.set(noon - 1);
    expect(clock.now()).toBe(noon - 1);
    await clock.close();
  });

  test('a move is over when every service has done what is due, one after the other [assumed]', async () => {
    const seen: string[] = [];
    const slow: Ticking = {
      tick: async () => {
        await new Promise(setImmediate);
        seen.push('slow');
      },
    };
    const next: Ticking = { tick: async () => void seen.push('next') };
    const { clock } = clockAt(noon, [slow, {}, next]);
    await Promise.all([clock.advance(1), clock.advance(1)]);
    expect(seen).toEqual(['slow', 'next', 'slow', 'next']);
    await clock.close();
  });

  test('a service that fails is reported and keeps the others from nothing [assumed]', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => {});
    const next = { tick: vi.fn(async () => {}) };
    const { clock } = clockAt(noon, [{ tick: () => Promise.reject(new Error('no disk')) }, next]);
    await clock.advance(1);
    expect(next.tick).toHaveBeenCalledOnce();
    expect(String(told.mock.calls[0]?.[1])).toContain('no disk');
    told.mockRestore();
    await clock.close();
  });

  test('the services also tick once a second of real time, until it is closed [assumed]', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const service = { tick: vi.fn(async () => {}) };
    const { clock } = clockAt(noon, [service]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(service.tick).toHaveBeenCalledTimes(2);
    await clock.close();
    await vi.advanceTimersByTimeAsync(2000);
    expect(service.tick).toHaveBeenCalledTimes(2);
  });
});

describe("a client's time, after one hour passed at noon", () => {
  test.each([
    ['before the move', noon - 60_000, noon - 60_000],
    ['after it', noon + 60_000, noon + HOUR + 60_000],
    ['by the clock itself', noon + HOUR, noon + HOUR],
    ['no time', Number.NaN, Number.NaN],
  ])('%s [assumed]', async (_, clientTime, seen) => {
    const { clock, real } = clockAt(noon);
    await clock.advance(HOUR);
    real.time += 60_000;
    expect(clock.seenFrom(clientTime)).toBe(seen);
    await clock.close();
  });
});

describe('a cloud whose clock was moved by a day', () => {
  test('still knows clients that sign by their own clock [assumed]', async () => {
    const cloud = await runCloud();
    await cloud.clock.advance(24 * HOUR);
    expect((await cloud.client.put('a', Buffer.from('1'))).res.status).toBe(200);
    expect((await createKey(cloud)).creationDate.slice(0, 10)).toBe(
      new Date(Date.now() + 24 * HOUR).toISOString().slice(0, 10),
    );
  });

  test('has forgotten the URLs signed before, and takes those signed after [assumed]', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: noon });
    const cloud = await runCloud();
    await cloud.client.put('a', Buffer.from('1'));
    const before = await cloud.client.signatureUrlV4('GET', 300, {}, 'a');
    vi.setSystemTime(noon + 2000);
    await cloud.clock.advance(24 * HOUR);
    vi.setSystemTime(noon + 4000);
    const after = await cloud.client.signatureUrlV4('GET', 300, {}, 'a');
    expect((await fetch(before)).status).toBe(403);
    expect((await fetch(after)).status).toBe(200);
  });

  test('has security tokens that ended [documented]', async () => {
    const now = Date.now();
    const key = { accessKeyId: 'STS.fixed', accessKeySecret: 's', securityToken: 't', role: 'reader' };
    const cloud = await runCloud({ seed: { accessKeys: [{ ...key, expiration: now + HOUR }] } });
    const reader = ossOf(cloud, { ...key, arn: '' });
    expect((await reader.put('a', Buffer.from('1'))).res.status).toBe(200);
    await cloud.clock.advance(24 * HOUR);
    expect(await failure(reader.put('a', Buffer.from('1')))).toMatchObject({ code: 'SecurityTokenExpired' });
  });
});

test('functions live in the time of their cloud [assumed]', async () => {
  const data = await newFolder();
  const code = `exports.handler = async () => JSON.stringify([Date.now(), new Date().getTime(), +new Date(5), Date.UTC(1970, 0), new Date() instanceof Date]);`;
  const cloud = await runCloud({ data, runtime: await buildRuntime(data) });
  const fc = await cloud.deploy(
    await writeApp(data, { f: { code, triggers: [httpTrigger('anonymous')] } }),
    {},
  );
  const ask = async () => (await fetch(fc.functions.get('f')?.httpUrl ?? '')).json() as Promise<unknown[]>;
  const before = await ask();
  await cloud.clock.advance(24 * HOUR);
  const after = await ask();
  for (const index of [0, 1]) {
    const passed = Number(after[index]) - Number(before[index]);
    expect(Math.round(passed / HOUR)).toBe(24);
  }
  expect(after.slice(2)).toEqual([5, 0, true]);
});
