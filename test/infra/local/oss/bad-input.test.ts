import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Hooks } from '../../../../infra/local/gateway/hooks';
import { startOss } from '../../../../infra/local/oss/server';
import { newFolder } from '../new-folder';
import { failure } from './client';
import { accountId, root, startCloud } from './cloud';
import { beginRequest, send, signedHeaders } from './raw';

const cloud = await startCloud();
afterAll(cloud.close);
const hello = Buffer.from('hello');
await cloud.client.put('there', hello);

/** Sends bytes as they are, and reads until the server hangs up or has sent so many answers. */
function exchange(bytes: string | Buffer, answers = 1, port = cloud.oss.port): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('latin1').on('error', () => {});
    socket.on('data', (chunk) => {
      received += chunk;
      if ((received.match(/<\/Error>/g) ?? []).length >= answers) socket.destroy();
    });
    socket.on('close', () => resolve(received));
  });
}

/** The head of a request that the real client has signed. */
function signedHead(method: string, key: string, headers: Record<string, string> = {}): string {
  const all = {
    host: `localhost:${cloud.oss.port}`,
    ...signedHeaders(cloud.client, { method, key, headers }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} /inbox/${key} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

const filler = 'x'.repeat(70_000);

describe('what is no request gets an error document [assumed]', () => {
  test.each([
    [
      'headers of 70 KB',
      `GET / HTTP/1.1\r\nHost: localhost\r\nx-oss-meta-a: ${filler}\r\n\r\n`,
      431,
      'RequestHeaderTooLarge',
    ],
    ['a target of 70 KB', `GET /${filler} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431, 'RequestHeaderTooLarge'],
    ['no HTTP', 'hello, is anybody there?\r\n\r\n', 400, 'BadRequest'],
    ['TLS', Buffer.from('160301020001000001fc0303', 'hex'), 400, 'BadRequest'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400, 'InvalidArgument'],
    ['a NUL in the target', 'GET /inbox/a\0b HTTP/1.1\r\nHost: localhost\r\n\r\n', 400, 'BadRequest'],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: localhost\r\na: b\0c\r\n\r\n', 400, 'BadRequest'],
    [
      'two lengths',
      'PUT /inbox/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'BadRequest',
    ],
    ['CONNECT', 'CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n', 405, 'MethodNotAllowed'],
    [
      'an unknown expectation',
      'PUT /inbox/a HTTP/1.1\r\nHost: localhost\r\nExpect: a-miracle\r\nContent-Length: 0\r\n\r\n',
      417,
      'ExpectationFailed',
    ],
    [
      'a repeated parameter',
      'GET /?prefix=a&prefix=b HTTP/1.1\r\nHost: localhost\r\n\r\n',
      400,
      'InvalidArgument',
    ],
    [
      'a query that is no UTF-8',
      'GET /inbox?prefix=%ff HTTP/1.1\r\nHost: localhost\r\n\r\n',
      400,
      'InvalidArgument',
    ],
    ['an empty bucket name', 'GET //a HTTP/1.1\r\nHost: localhost\r\n\r\n', 400, 'InvalidBucketName'],
  ])('%s', async (_what, bytes, status, code) => {
    const answer = await exchange(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(`<Code>${code}</Code>`);
    expect(answer).toMatch(/x-oss-request-id: [0-9A-F]{24}/);
  });

  test('a broken chunk in the middle of a body, which makes no object', async () => {
    const head = signedHead('PUT', 'broken', { 'transfer-encoding': 'chunked' });
    const answer = await exchange(`${head}5\r\nhello\r\nzz\r\n`);
    expect(answer).toContain('<Code>BadRequest</Code>');
    expect(await failure(cloud.client.head('broken'))).toMatchObject({ status: 404 });
  });

  test('garbage after a good request comes after its answer', async () => {
    const answer = await exchange(`${signedHead('GET', 'there')}garbage\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*helloHTTP\/1\.1 400 BadRequest/);
  });
});

describe('HTTP as it is spoken [assumed]', () => {
  test('three requests at once on one connection are answered in order', async () => {
    const bytes = ['there', 'missing', 'there'].map((key) => signedHead('GET', key)).join('');
    const answer = await exchange(`${bytes}GET / HTTP/1.1\r\nHost: localhost\r\n\r\n`, 2);
    expect(answer.match(/HTTP\/1\.1 \d+/g)?.map((line) => line.slice(9))).toEqual([
      '200',
      '404',
      '200',
      '403',
    ]);
  });

  test('Expect: 100-continue is answered before the body is sent', async () => {
    const headers = { expect: '100-continue', 'content-length': '5' };
    const request = { method: 'PUT', key: 'expected', headers };
    const opened = beginRequest(cloud, request, signedHeaders(cloud.client, request));
    const status = new Promise((resolve) => opened.on('response', ({ statusCode }) => resolve(statusCode)));
    opened.on('continue', () => opened.end(hello)).flushHeaders();
    expect(await status).toBe(200);
  });

  test.each(['HEAD', 'DELETE', 'GET'])('%s may have a body, which is not read', async (method) => {
    await cloud.client.put('with-body', hello);
    const request = { method, key: 'with-body', headers: { 'content-length': '5' }, body: hello };
    expect((await send(cloud, request)).status).toBe(method === 'DELETE' ? 204 : 200);
    expect((await send(cloud, { method: 'GET', key: 'there' })).status).toBe(200);
  });

  test("a GET that announces a body and sends none is the last of its connection [observed in an official SDK's tests]", async () => {
    const request = { method: 'GET', key: 'there', headers: { 'content-length': '5' } };
    const { status, headers } = await send(cloud, request);
    expect([status, headers.connection]).toEqual([200, 'close']);
  });

  test('any other Host means path style', async () => {
    const opened = beginRequest(
      cloud,
      { method: 'GET', key: 'there' },
      {
        ...signedHeaders(cloud.client, { method: 'GET', key: 'there' }),
        host: 'evil.example.com',
      },
    );
    const status = new Promise((resolve) => opened.on('response', ({ statusCode }) => resolve(statusCode)));
    opened.end();
    expect(await status).toBe(200);
  });
});

describe('keys', () => {
  const strange = [
    'a/../../../../etc/passwd',
    '..',
    '.',
    './x',
    'a\u0000b',
    'a\\..\\b',
    '\u{1F600}',
    '%2e%2e%2f',
    'x'.repeat(1023),
  ];

  test.each(strange.map((key) => [key.slice(0, 30), key]))(
    '%j is a name like another [documented]',
    async (_short, key) => {
      expect(
        (await send(cloud, { method: 'PUT', key, body: hello, headers: { 'content-length': '5' } })).status,
      ).toBe(200);
      expect(await send(cloud, { method: 'GET', key })).toMatchObject({ status: 200, body: 'hello' });
      expect((await send(cloud, { method: 'DELETE', key })).status).toBe(204);
    },
  );

  test.each([
    ['1024 bytes', 'x'.repeat(1024)],
    ['1026 bytes in 342 characters', '你'.repeat(342)],
    ['a slash in front', '/a'],
    ['a backslash in front', '\\a'],
  ])('%s is refused [documented]', async (_what, key) => {
    const refused = await send(cloud, {
      method: 'PUT',
      key,
      body: hello,
      headers: { 'content-length': '5' },
    });
    expect(refused).toMatchObject({ status: 400, code: 'InvalidObjectName' });
  });

  test('a name that is no UTF-8 is refused [documented]', async () => {
    const answer = await exchange('GET /inbox/%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(answer).toContain('<Code>InvalidObjectName</Code>');
  });

  test('no name makes a file outside the folders of the bucket [assumed]', async () => {
    await send(cloud, { method: 'PUT', bucket: '..', key: '' });
    await send(cloud, { method: 'PUT', bucket: '%2e%2e', key: 'a' });
    expect(await readdir(cloud.data)).toEqual(['inbox']);
    expect((await readdir(join(cloud.data, 'inbox'))).sort()).toEqual([
      'blobs',
      'bucket.json',
      'parts',
      'uploads',
      'versions',
    ]);
  });
});

describe('documents [assumed]', () => {
  const nested = `<Tagging>${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}</Tagging>`;
  const bomb =
    '<!DOCTYPE t [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Tagging><TagSet><Tag><Key>&b;</Key></Tag></TagSet></Tagging>';

  test.each([
    ['nested 100,000 deep', nested],
    ['entities', bomb],
    ['nothing', ''],
    ['no UTF-8', Buffer.from('<Tagging>\xff</Tagging>', 'latin1')],
    ['text', 'hello'],
    ['an open element', '<Tagging><TagSet>'],
    ['__proto__', '<__proto__><TagSet/></__proto__>'],
    ['JSON', '{"Tagging":{}}'],
    ...['constructor', '__proto__', 'valueOf'].map((name): [string, string] => [
      `the entity ${name}`,
      `<Tagging><TagSet><Tag><Key>&${name};</Key><Value/></Tag></TagSet></Tagging>`,
    ]),
  ])('%s', async (_what, document) => {
    const body = Buffer.from(document);
    expect(await send(cloud, { method: 'PUT', key: '', query: { tagging: '' }, body })).toMatchObject({
      status: 400,
      code: 'MalformedXML',
    });
  });

  test('more than 4 MB', async () => {
    const body = Buffer.alloc(5_000_000, ' ');
    expect(await send(cloud, { method: 'PUT', key: '', query: { tagging: '' }, body })).toMatchObject({
      status: 400,
      code: 'EntityTooLarge',
    });
  });
});

describe('silent clients [assumed]', () => {
  async function startImpatient(hooks: Hooks = {}) {
    const accessKeys = { root, assumeRole: () => root, find: () => root };
    const common = { accessKeys, accountId, region: 'cn-hangzhou', now: Date.now, hooks };
    const oss = await startOss({ ...common, data: await newFolder(), silenceLimit: 100 });
    await send({ ...cloud, oss }, { method: 'PUT', key: '' });
    return oss;
  }

  test('one who connects and says nothing is hung up on', async () => {
    const oss = await startImpatient();
    expect(await exchange('', 1, oss.port)).toBe('');
    await oss.close();
  });

  test('one who does not finish a body is told so, and no object is made', async () => {
    const oss = await startImpatient();
    const head = signedHead('PUT', 'half', { 'content-length': '10' });
    expect(await exchange(`${head}hello`, 1, oss.port)).toContain('<Code>RequestTimeout</Code>');
    expect((await send({ ...cloud, oss }, { method: 'GET', key: 'half' })).status).toBe(404);
    await oss.close();
  });

  test('one who does not take an answer of 50 MB is given up, and has not filled the memory', async () => {
    const hooks: Hooks = {};
    const givenUp = new Promise<void>((resolve) => {
      hooks.done = ({ operation }) => void (operation === 'GetObject' && resolve());
    });
    const oss = await startImpatient(hooks);
    const body = Buffer.alloc(50_000_000);
    const headers = { 'content-length': String(body.length) };
    await send({ ...cloud, oss }, { method: 'PUT', key: 'large', headers, body });
    const before = process.memoryUsage().arrayBuffers;
    const socket = connect(oss.port, '127.0.0.1').on('error', () => {});
    socket.pause().write(signedHead('GET', 'large'));
    await givenUp;
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
    socket.destroy();
    await oss.close();
  });
});

test('2,000 connections at once are all answered [assumed]', async () => {
  const head = signedHead('GET', 'there');
  const sockets = await Promise.all(Array.from({ length: 2_000 }, open));
  const answers = sockets.map((socket) => firstAnswer(socket));
  for (const socket of sockets) socket.write(head);
  const statuses = await Promise.all(answers);
  for (const socket of sockets) socket.destroy();
  expect(new Set(statuses)).toEqual(new Set(['HTTP/1.1 200']));
});

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(cloud.oss.port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
}

function firstAnswer(socket: Socket): Promise<string> {
  return new Promise((resolve) => socket.once('data', (chunk) => resolve(chunk.toString('latin1', 0, 12))));
}

test('it listens on 127.0.0.1 and on no other address [documented]', async () => {
  const refused = await new Promise((resolve) => {
    connect(cloud.oss.port, '127.0.0.2', () => resolve('connected')).on('error', () => resolve('refused'));
  });
  expect(refused).toBe('refused');
});
