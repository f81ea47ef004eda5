import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { send, sendUnsigned } from '../raw';

const cloud = await startCloud({ blockPublicAccess: false });
afterAll(cloud.close);

const get = (referer: string) => ({ method: 'GET', key: 'a', headers: referer ? { referer } : {} });
const rules = (content: string) =>
  send(cloud, {
    method: 'PUT',
    key: '',
    query: { referer: '' },
    body: Buffer.from(`<RefererConfiguration>${content}</RefererConfiguration>`),
  });
const list = (name: string, ...patterns: string[]) =>
  `<${name}>${patterns.map((pattern) => `<Referer>${pattern}</Referer>`).join('')}</${name}>`;

beforeAll(async () => {
  await cloud.client.put('a', Buffer.from('hello'), { headers: { 'x-oss-object-acl': 'public-read' } });
});

describe('a whitelist and a blacklist, without an empty Referer', () => {
  beforeAll(async () => {
    const white = list('RefererList', 'http://*.example.com', 'https://www.?.org');
    const black = list('RefererBlacklist', 'http://bad.example.com');
    await rules(`<AllowEmptyReferer>false</AllowEmptyReferer>${white}${black}`);
  });

  test.each([
    ['http://www.example.com', 200, undefined],
    ['https://www.a.org', 200, undefined],
    ['', 403, '0003-00000501'],
    ['http://bad.example.com', 403, '0003-00000502'],
    ['http://example.org', 403, '0003-00000503'],
    ['https://www.ab.org', 403, '0003-00000503'],
  ])('%j is answered with %i %s [documented]', async (referer, status, ec) => {
    const answer = await sendUnsigned(cloud, get(referer));
    expect([answer.status, answer.headers['x-oss-ec']]).toEqual([status, ec]);
  });

  test('a path behind what fits is let in [assumed]', async () => {
    expect((await sendUnsigned(cloud, get('http://www.example.com/page?q'))).status).toBe(200);
  });

  test('a signature in a header is not asked for its Referer, one in a URL is [documented]', async () => {
    expect((await send(cloud, get('http://example.org'))).status).toBe(200);
    const url = await cloud.client.signatureUrlV4('GET', 60, {}, 'a');
    expect((await fetch(url)).status).toBe(403);
    expect((await fetch(url, { headers: { referer: 'http://www.example.com' } })).status).toBe(200);
  });

  test('nothing is asked of a preflight [assumed]', async () => {
    const answer = await sendUnsigned(cloud, { method: 'OPTIONS', key: 'a' });
    expect(answer.headers['x-oss-ec']).not.toBe('0003-00000501');
  });
});

test.each([
  ['false', [], '', 200, '[assumed]'],
  ['true', ['http://a.com'], '', 200, '[documented]'],
  ['true', ['http://a.com'], 'http://b.com', 403, '[documented]'],
  ['true', ['http://a.com/x?y'], 'http://a.com/x?y', 403, '[assumed]'],
])('empty allowed: %s, listed: %j, Referer %j: %i %s', async (allowed, patterns, referer, status) => {
  await rules(`<AllowEmptyReferer>${allowed}</AllowEmptyReferer>${list('RefererList', ...patterns)}`);
  expect((await sendUnsigned(cloud, get(referer))).status).toBe(status);
});
