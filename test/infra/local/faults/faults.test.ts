import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Deed } from '../../../../infra/local/faults/fault';
import { buildRuntime, httpTrigger, writeApp } from '../fc/running-fc';
import { refusal } from '../kms/running-kms';
import { newFolder } from '../new-folder';
import { failure } from '../oss/client';
import { createKey, runCloud } from '../running-cloud';

let cloud: Awaited<ReturnType<typeof runCloud>>;
beforeAll(async () => {
  cloud = await runCloud();
});
afterEach(() => cloud.faults.clear());

const hello = Buffer.from('hello');
const isThere = async (key: string) => (await cloud.client.head(key).catch(() => undefined)) !== undefined;

describe('an error', () => {
  test('of the table keeps its status and message [assumed]', async () => {
    cloud.faults.add({ match: { operation: 'PutObject' }, do: { error: { code: 'ServiceUnavailable' } } });
    expect(await failure(cloud.client.put('refused', hello))).toMatchObject({
      ...{ status: 503, code: 'ServiceUnavailable', message: 'Please reduce your request rate.' },
    });
    expect(await isThere('refused')).toBe(false);
  });

  test('of no table is told in the shape of the service [assumed]', async () => {
    const error = { code: 'Made.Up', status: 418, message: 'I am a teapot.' };
    cloud.faults.add({ match: {}, times: 2, do: { error } });
    expect(await failure(cloud.client.put('refused', hello))).toMatchObject(error);
    expect(await refusal(createKey(cloud))).toEqual({
      ...error,
      message: expect.stringContaining('teapot'),
    });
  });

  test('afterwards leaves applied what it denies [assumed]', async () => {
    const error = { code: 'InternalError' };
    cloud.faults.add({ match: { key: 'applied' }, when: 'after', do: { error } });
    expect(await failure(cloud.client.put('applied', hello))).toMatchObject({ status: 500, ...error });
    expect(await isThere('applied')).toBe(true);
  });

  test('is a line of the journal [assumed]', async () => {
    cloud.faults.add({ match: { service: 'oss' }, do: { error: { code: 'Made.Up' } } });
    await failure(cloud.client.get('a'));
    expect(cloud.journal.entries().at(-1)).toMatchObject({ status: 500, code: 'Made.Up' });
  });
});

describe('throttling is what the service answers', () => {
  test('OSS [assumed]', async () => {
    cloud.faults.add({ match: { service: 'oss' }, do: { throttle: true } });
    expect(await failure(cloud.client.put('a', hello))).toMatchObject({ status: 503 });
  });

  test('KMS [documented]', async () => {
    cloud.faults.add({ match: { service: 'kms' }, do: { throttle: true } });
    expect(await refusal(createKey(cloud))).toMatchObject({ status: 429, code: 'Rejected.Throttling' });
  });
});

describe('a lost answer', () => {
  test('is lost after the request was applied [assumed]', async () => {
    cloud.faults.add({ match: { operation: 'PutObject' }, do: { dropAnswer: true } });
    expect((await failure(cloud.client.put('dropped', hello))).status).toBe(-1);
    expect(cloud.journal.entries().at(-1)).toMatchObject({ operation: 'PutObject', status: 0 });
    expect(await isThere('dropped')).toBe(true);
  });

  test('or before, where one asks for it [assumed]', async () => {
    cloud.faults.add({ match: { operation: 'PutObject' }, when: 'before', do: { dropAnswer: true } });
    expect((await failure(cloud.client.put('never came', hello))).status).toBe(-1);
    expect(await isThere('never came')).toBe(false);
  });
});

describe('a body is cut', () => {
  const content = Buffer.alloc(3_000_000, 'content');
  beforeAll(() => cloud.client.put('large', content));

  test.each([0, 1, 1_048_576, 2_999_999])('at byte %i exactly [assumed]', async (bytes) => {
    cloud.faults.add({ match: { operation: 'GetObject' }, do: { cutBodyAt: bytes } });
    const { promised, received, complete } = await read(
      await cloud.client.signatureUrlV4('GET', 60, {}, 'large'),
    );
    expect([promised, received.length, complete]).toEqual(['3000000', bytes, false]);
    expect(received.equals(content.subarray(0, bytes))).toBe(true);
  });

  test('and whole where it is no longer than that [assumed]', async () => {
    cloud.faults.add({ match: { operation: 'GetObject' }, do: { cutBodyAt: content.length } });
    expect((await cloud.client.get('large')).content.equals(content)).toBe(true);
  });

  test('of a document as well, and of KMS [assumed]', async () => {
    cloud.faults.add({ match: {}, times: 2, do: { cutBodyAt: 10 } });
    await expect(cloud.client.list()).rejects.toThrow();
    await expect(createKey(cloud)).rejects.toThrow();
  });
});

/** As much of an answer as arrives. */
function read(url: string): Promise<{ promised: unknown; received: Buffer; complete: boolean }> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { family: 4 }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', () => undefined);
      answer.on('close', () => {
        const promised = answer.headers['content-length'];
        resolve({ promised, received: Buffer.concat(chunks), complete: answer.complete });
      });
    });
    asking.on('error', reject).end();
  });
}

describe('which request is meant', () => {
  const error = { error: { code: 'Made.Up' } };
  const codes = async (keys: string[]) => {
    const all: (string | undefined)[] = [];
    for (const key of keys)
      all.push(
        (await cloud.client.put(key, hello).then(
          () => 'ok',
          ({ code }) => code,
        )) as string,
      );
    return all;
  };

  test('the nth that matches, and so many from there on [assumed]', async () => {
    cloud.faults.add({ match: { key: 'a*' }, nth: 2, times: 2, do: error });
    const answers = await codes(['a1', 'b1', 'a2', 'a3', 'a4']);
    expect(answers).toEqual(['ok', 'ok', 'Made.Up', 'Made.Up', 'ok']);
    expect(cloud.faults.list()).toMatchObject([{ match: { key: 'a*' }, matched: 4 }]);
  });

  test.each([
    [{ bucket: 'vault' }, 'ok'],
    [{ bucket: 'inbox', operation: 'Put*' }, 'Made.Up'],
    [{ principal: '*:root' }, 'Made.Up'],
    [{ principal: '*:assumed-role/*' }, 'ok'],
    [{ service: 'kms' as const }, 'ok'],
  ])('%j [assumed]', async (match, code) => {
    cloud.faults.add({ match, do: error });
    expect(await codes(['a'])).toEqual([code]);
  });

  test('two faults both do what they do; a removed one nothing [assumed]', async () => {
    const removed = cloud.faults.add({ match: {}, do: { dropAnswer: true } });
    cloud.faults.add({ match: {}, do: { delayMs: 1 } });
    cloud.faults.add({ match: {}, do: error });
    expect([cloud.faults.remove(removed), cloud.faults.remove(removed)]).toEqual([true, false]);
    expect(await codes(['a'])).toEqual(['Made.Up']);
  });
});

test('a delayed request does not keep the cloud from closing [assumed]', async () => {
  const closing = await runCloud();
  closing.faults.add({ match: {}, do: { delayMs: 600_000 } });
  const answer = failure(closing.client.put('a', hello));
  while (closing.faults.list()[0]?.matched === 0) await new Promise(setImmediate);
  await closing.close();
  await answer;
});

describe('Function Compute', () => {
  const code = `exports.handler = async (event) => {
    const { body } = JSON.parse(event);
    if (body === '') return 'done';
    await fetch(body);
    return new Promise(() => {});
  };`;

  async function deployed() {
    const data = await newFolder();
    const own = await runCloud({ data, runtime: await buildRuntime(data) });
    const sYaml = await writeApp(data, { f: { code, triggers: [httpTrigger('anonymous')] } });
    const fc = await own.deploy(sYaml, {});
    return { ...own, url: fc.functions.get('f')?.httpUrl ?? '' };
  }

  test('answers errors, is throttled, is cut, is lost, and is journaled [assumed]', async () => {
    const { url, faults, journal } = await deployed();
    const deeds: Deed[] = [
      { throttle: true },
      { error: { code: 'Made.Up' } },
      { cutBodyAt: 1 },
      { dropAnswer: true },
    ];
    for (const [index, deed] of deeds.entries())
      faults.add({ match: { functionName: 'f' }, nth: index + 1, do: deed });
    const throttled = await fetch(url);
    expect([throttled.status, await throttled.json()]).toEqual([
      429,
      expect.objectContaining({ Code: 'ResourceThrottled' }),
    ]);
    expect((await fetch(url)).status).toBe(500);
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
    await expect(fetch(url)).rejects.toThrow();
    expect(await (await fetch(url)).text()).toBe('done');
    const told = journal
      .entries()
      .map(({ operation, functionName, status, code }) => [operation, functionName, status, code]);
    expect(told).toEqual([
      ['HttpTrigger', 'f', 429, 'ResourceThrottled'],
      ['HttpTrigger', 'f', 500, 'Made.Up'],
      ['HttpTrigger', 'f', 200, undefined],
      ['HttpTrigger', 'f', 0, undefined],
      ['HttpTrigger', 'f', 200, undefined],
    ]);
  });

  test('a function is killed at a request [assumed]', async () => {
    const { url, faults, client } = await deployed();
    faults.add({ match: { operation: 'PutObject' }, do: { killFunction: 'f' } });
    const ear = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await once(ear, 'listening');
    const body = `http://127.0.0.1:${(ear.address() as AddressInfo).port}`;
    const running = fetch(url, { method: 'POST', body, headers: { 'content-type': 'text/plain' } });
    await once(ear, 'request');
    await client.put('now', hello);
    expect((await running).status).toBe(502);
    expect(await (await fetch(url)).text()).toBe('done');
    ear.close();
    ear.closeAllConnections();
  });
});
