import { request } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import { failure } from './oss/client';
import { runCloud } from './running-cloud';

let cloud: Awaited<ReturnType<typeof runCloud>>;
beforeAll(async () => {
  cloud = await runCloud({ control: true });
});

type Answer = { status: number; json: Record<string, unknown> };

async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const url = `${cloud.control?.endpoint}${path}`;
  const response = await fetch(url, { method, ...(text !== undefined && { body: text }) });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

const put = (key: string) => cloud.client.put(key, Buffer.from('1'));

test('a fault is added, hits, is listed and removed [assumed]', async () => {
  const fault = { match: { service: 'oss', key: 'a' }, do: { error: { code: 'InternalError' } } };
  const added = await ask('POST', '/faults', fault);
  expect(added).toEqual({ status: 201, json: { id: expect.any(String) } });
  expect(await failure(put('a'))).toMatchObject({ code: 'InternalError' });
  const { id } = added.json;
  expect((await ask('GET', '/faults')).json).toEqual({ faults: [{ ...fault, id, matched: 1 }] });
  expect(await ask('DELETE', `/faults/${id}`)).toEqual({ status: 200, json: {} });
  expect((await ask('DELETE', `/faults/${id}`)).status).toBe(404);
});

test('the journal is read since an entry, and cleared [assumed]', async () => {
  await put('b');
  await put('c');
  const { entries } = (await ask('GET', '/journal')).json as { entries: { n: number; key: string }[] };
  const [b, c] = entries.slice(-2);
  expect([b?.key, c?.key]).toEqual(['b', 'c']);
  expect((await ask('GET', `/journal?since=${b?.n}`)).json).toEqual({ entries: [c] });
  await ask('DELETE', '/journal');
  expect((await ask('GET', '/journal')).json).toEqual({ entries: [] });
});

test('the clock is read, moved and set [assumed]', async () => {
  const now = async () => Date.parse(String((await ask('GET', '/clock')).json.now));
  expect(Math.abs((await now()) - cloud.clock.now())).toBeLessThan(60_000);
  const moved = await ask('POST', '/clock', { advanceMs: 86_400_000 });
  expect(String(moved.json.now).slice(0, 10)).toBe(
    new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
  );
  const set = await ask('POST', '/clock', { set: '2031-01-01T00:00:00Z' });
  expect(set.json.now).toMatch(/^2031-01-01T00:00:0/);
  await cloud.clock.set(Date.now());
});

test('all faults are taken back at once [assumed]', async () => {
  await ask('POST', '/faults', { match: {}, do: { dropAnswer: true }, nth: 1000 });
  expect((await ask('DELETE', '/faults')).status).toBe(200);
  expect((await ask('GET', '/faults')).json).toEqual({ faults: [] });
});

test('a reset clears journal and faults [assumed]', async () => {
  await ask('POST', '/faults', { match: {}, do: { dropAnswer: true } });
  expect((await ask('POST', '/reset')).status).toBe(200);
  expect((await ask('GET', '/faults')).json).toEqual({ faults: [] });
  expect((await ask('GET', '/journal')).json).toEqual({ entries: [] });
});

test('held events are released [assumed]', async () => {
  expect(await ask('POST', '/events/release')).toEqual({ status: 200, json: {} });
});

describe('what is not understood is refused in a sentence that names it', () => {
  const error = { match: {}, do: { error: { code: 'X' } } };
  test.each<[string, string, unknown, string]>([
    ['POST', '/faults', '{', 'The body is not JSON'],
    ['POST', '/faults', undefined, 'body is missing'],
    ['POST', '/faults', 'null', 'body is not an object'],
    ['POST', '/faults', [], 'body is not an object'],
    ['POST', '/faults', { ...error, colour: 1 }, 'body.colour is not a field that is known here'],
    ['POST', '/faults', { match: { kee: 'a' }, do: {} }, 'body.match.kee is not a field that is known here'],
    ['POST', '/faults', { match: {} }, 'body.do is missing'],
    [
      'POST',
      '/faults',
      { match: {}, do: {} },
      'body.do is not an object with exactly one of error, dropAnswer',
    ],
    ['POST', '/faults', { match: {}, do: { drop: true } }, 'body.do.drop is not a field'],
    [
      'POST',
      '/faults',
      { match: { service: 'event' }, do: { delayMs: 1 } },
      'body.do.delayMs is not a field',
    ],
    [
      'POST',
      '/faults',
      { match: { service: 'ecs' }, do: {} },
      'body.match.service is not one of oss, kms, fc',
    ],
    ['POST', '/faults', { ...error, nth: 0 }, 'body.nth is not a whole number from 1'],
    ['POST', '/faults', { ...error, when: 'never' }, 'body.when is not one of before, after'],
    [
      'POST',
      '/faults',
      { match: {}, do: { error: { code: 'X', status: 200 } } },
      'body.do.error.status is not',
    ],
    ['POST', '/faults', '{"match":{"__proto__":"a"},"do":{}}', 'body.match.__proto__ is not a field'],
    ['POST', '/clock', { advanceMs: '1' }, 'body.advanceMs is not a whole number'],
    ['POST', '/clock', { set: 'tomorrow' }, 'body.set is not a time'],
    ['POST', '/clock', { set: '2031-01-01T00:00:00Z', advanceMs: 1 }, 'exactly one of advanceMs, set'],
    ['POST', '/reset', { all: true }, 'body.all is not a field'],
    ['GET', '/journal?from=1', undefined, 'no parameter from'],
    ['GET', '/journal?since=x', undefined, 'since is not a whole number'],
    ['POST', '/faults', 'x'.repeat(2_000_000), 'more than 1048576 bytes'],
  ])('%s %s %j [assumed]', async (method, path, body, sentence) => {
    const { status, json } = await ask(method, path, body);
    expect([status, json.error]).toEqual([400, expect.stringContaining(sentence)]);
  });

  test.each([
    ['GET', '/'],
    ['PUT', '/clock'],
    ['GET', '/faults/1'],
    ['GET', '/journal/../clock/x'],
  ])('%s %s [assumed]', async (method, path) => {
    const { status, json } = await ask(method, path);
    expect([status, json.error]).toEqual([404, expect.stringMatching(/only GET \/journal, /)]);
  });
});

describe('a page in a browser is refused', () => {
  test.each([
    ['that names itself', { origin: 'http://example.com' }],
    ['that calls this address its own', { host: 'example.com' }],
  ])('%s [assumed]', async (_, headers) => {
    const status = await new Promise((resolve, reject) => {
      const asking = request(`${cloud.control?.endpoint}/journal`, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asking.on('error', reject).end();
    });
    expect(status).toBe(403);
  });
});
