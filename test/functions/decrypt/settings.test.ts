import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { components } from '../../../functions/decrypt/openapi.json';
import { acs3Headers } from '../../../infra/run/acs3';
import { type Bench, deployBench, invoke, redeploy, upload } from '../../deployment';
import { type Answer, get, lineOf, pathOf, post } from './asking';

const { maximum } = components.schemas.ExpiresInSeconds;

let bench: Bench;
beforeAll(async () => {
  bench = await deployBench();
  await upload(bench, 'public/a.png', Buffer.from('content'), { 'Content-Type': 'Image/PNG' });
  await upload(bench, 'public/a.html', Buffer.from('content'), { 'Content-Type': 'text/html' });
  await upload(bench, 'secret/a', Buffer.from('content'));
});
afterAll(() => bench.close());

const outcomeOf = ({ status, json }: Answer) => ({ status, code: json.code });

describe('ENVELOPE_KEY_PREFIXES', () => {
  const id = 'asked-for-by-others';
  beforeAll(async () => {
    expect((await post(bench, { key: 'secret/a', id })).status).toBe(201);
    await redeploy(bench, { env: { ENVELOPE_KEY_PREFIXES: '["public/"]' } });
  });

  test('what begins so is served', async () => {
    expect((await post(bench, { key: 'public/a.png' })).status).toBe(201);
  });

  test.each<[string, () => Promise<Answer>]>([
    ['POST /downloads', () => post(bench, { key: 'secret/a' })],
    ['GET /d/', () => get(bench, pathOf('d', 'secret/a'))],
    ['GET /envelopes/', () => get(bench, pathOf('envelopes', 'secret/a'))],
    ['GET /envelopes/?versions', () => get(bench, `${pathOf('envelopes', 'secret/a')}?versions`)],
  ])('%s of another key is refused before OSS or KMS is asked', async (_, ask) => {
    const before = bench.calls.length;
    expect(outcomeOf(await ask())).toEqual({ status: 403, code: 'key-not-served' });
    expect(bench.calls.slice(before).map(({ service }) => service)).toEqual(['fc']);
    expect(lineOf(bench)).toMatchObject({ outcome: 'failed', code: 'key-not-served', key: 'secret/a' });
  });

  test('the download of another function is not told of', async () => {
    expect(outcomeOf(await get(bench, `/downloads/${id}`))).toEqual({ status: 403, code: 'key-not-served' });
  });
});

test('ENVELOPE_MAX_BYTES: more is refused before KMS is asked; a range may do', async () => {
  await redeploy(bench, { env: { ENVELOPE_MAX_BYTES: '5' } });
  const before = bench.calls.length;
  const answer = await post(bench, { key: 'secret/a' });
  expect(outcomeOf(answer)).toEqual({ status: 413, code: 'too-large' });
  expect(answer.json.title).toBe('Cannot open 7 bytes at once: the limit is 5, ask for a range');
  expect(bench.calls.slice(before).map(({ service }) => service)).not.toContain('kms');
  expect((await post(bench, { key: 'secret/a', range: 'bytes=-5' })).status).toBe(201);
});

test('ENVELOPE_OPENINGS_PER_MINUTE: more are told to wait a minute, by HTTP and InvokeFunction; looking is free', async () => {
  await redeploy(bench, { env: { ENVELOPE_OPENINGS_PER_MINUTE: '2' } });
  const { clock } = bench.cloud;
  await clock.advance(61_000 - (clock.now() % 60_000));
  for (let n = 0; n < 2; n++) expect((await post(bench, { key: 'secret/a' })).status).toBe(201);
  const answer = await get(bench, pathOf('d', 'secret/a'));
  expect(outcomeOf(answer)).toEqual({ status: 429, code: 'too-many-requests' });
  expect(answer.headers.get('retry-after')).toBe('60');
  const { data } = await invoke(bench, 'oss-envelope-decrypt', '{"key":"secret/a"}');
  expect(data).toMatchObject({ errorType: 'too-many-requests' });
  expect((await get(bench, pathOf('envelopes', 'secret/a'))).status).toBe(200);
  await clock.advance(60_000);
  expect((await post(bench, { key: 'secret/a' })).status).toBe(201);
});

test('ENVELOPE_KEY_CACHE_SECONDS: within them KMS is asked once, and the line says so', async () => {
  await redeploy(bench, { env: { ENVELOPE_KEY_CACHE_SECONDS: '60' } });
  await post(bench, { key: 'secret/a' });
  const { kmsRequestId } = lineOf(bench);
  const before = bench.calls.length;
  expect((await post(bench, { key: 'secret/a', range: 'bytes=1-' })).status).toBe(201);
  expect(lineOf(bench)).toMatchObject({ outcome: 'opened', kmsRequestId, cached: true });
  expect(bench.calls.slice(before).map(({ service }) => service)).not.toContain('kms');
  await bench.cloud.clock.advance(61_000);
  expect((await post(bench, { key: 'secret/a', range: 'bytes=3-' })).status).toBe(201);
  expect(lineOf(bench)).toMatchObject({ outcome: 'opened', cached: false });
});

describe('ENVELOPE_INLINE_TYPES', () => {
  test('a type on the list is shown with its own type', async () => {
    await redeploy(bench, { env: { ENVELOPE_INLINE_TYPES: 'image/png' } });
    const { json } = await post(bench, { key: 'public/a.png', disposition: 'inline' });
    const { headers } = await fetch(json.url ?? '');
    expect(headers.get('content-type')).toBe('Image/PNG');
    expect(headers.get('content-disposition')).toMatch(/^inline; filename="a.png"/);
    const html = await post(bench, { key: 'public/a.html', disposition: 'inline' });
    expect(outcomeOf(html)).toEqual({ status: 403, code: 'inline-refused' });
  });

  test.each([
    '\u00a0image/png',
    '\ufeffimage/png',
    'image/png\u3000',
    'image/png; a=b',
    'text/plain;charset=utf-7',
  ])('%j is not shown', async (type) => {
    await redeploy(bench, { env: { INLINE_TYPES: 'image/png,text/plain' } });
    await upload(bench, 'public/odd', Buffer.from('content'), { 'Content-Type': type });
    const answer = await post(bench, { key: 'public/odd', disposition: 'inline' });
    expect(outcomeOf(answer)).toEqual({ status: 403, code: 'inline-refused' });
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('by default nothing is shown', async () => {
    await redeploy(bench, { env: {} });
    const answer = await post(bench, { key: 'public/a.png', disposition: 'inline' });
    expect(outcomeOf(answer)).toEqual({ status: 403, code: 'inline-refused' });
  });
});

describe('ENVELOPE_EXPIRES_SECONDS, ENVELOPE_DOWNLOAD_SECONDS', () => {
  test('a URL lives as long as configured, and never longer than its plaintext', async () => {
    await redeploy(bench, { env: { ENVELOPE_EXPIRES_SECONDS: '100', ENVELOPE_DOWNLOAD_SECONDS: '600' } });
    expect((await post(bench, { key: 'secret/a' })).json.url).toContain('x-oss-expires=100&');
    const { json } = await post(bench, { key: 'secret/a', expiresInSeconds: maximum });
    expect(json.url).toContain('x-oss-expires=600&');
  });
});

describe('ENVELOPE_ALLOWED_ORIGINS', () => {
  const origin = 'https://app.example.com';
  const asked = { 'access-control-request-method': 'POST' };
  const others = ['https://app.example.com.evil.com', 'http://app.example.com', 'HTTPS://APP.EXAMPLE.COM'];
  const strangers = [...others, 'https://evil.com', 'null', `${origin},https://evil.com`, `${origin}/`, '*'];
  beforeAll(async () => {
    await redeploy(bench, {
      env: { ENVELOPE_ALLOWED_ORIGINS: `http://localhost:5173,${origin}` },
      edit: (sYaml) =>
        sYaml.replace(/# ENVELOPE_REQUIRED_CLAIMS: .*/, `ENVELOPE_REQUIRED_CLAIMS: '{"x-jwt-aud":"*"}'`),
    });
    await bench.cloud.attach({
      ...bench.stack.parameters,
      AllowedOrigins: `http://localhost:5173,${origin}`,
    });
  });

  const corsOf = ({ headers }: Pick<Answer, 'headers'>) =>
    Object.fromEntries([...headers].filter(([name]) => /^(access-control-.*|vary)$/.test(name)));
  function preflight(headers: Record<string, string>, path = '/downloads') {
    const url = new URL(path, bench.decryptUrl).href;
    const signed = acs3Headers('OPTIONS', url, bench.owner.credentials);
    return fetch(url, { method: 'OPTIONS', headers: { ...signed, ...headers } });
  }

  test('what a browser asks first is answered without a claim, and without asking anybody', async () => {
    const before = [bench.calls.length, bench.reports.flatMap(({ logs }) => logs).length];
    const answer = await preflight({ ...asked, origin });
    expect([answer.status, await answer.text(), corsOf(answer)]).toEqual([
      204,
      '',
      {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'Authorization, Content-Type, X-Fc-Invocation-Type',
        'access-control-expose-headers': 'Retry-After',
        'access-control-max-age': '600',
        vary: 'Origin',
      },
    ]);
    expect(bench.reports.flatMap(({ logs }) => logs)).toHaveLength(before[1] ?? 0);
    expect(bench.calls.slice(before[0]).map(({ service }) => service)).toEqual(['fc']);
  });

  test.each(strangers)('%s is answered as if there were no browsers', async (stranger) => {
    const answer = await preflight({ ...asked, 'x-jwt-aud': 'a', origin: stranger });
    expect([answer.status, corsOf(answer)]).toEqual([404, {}]);
    const opened = await post(bench, { key: 'secret/a' }, { 'x-jwt-aud': 'a', origin: stranger });
    expect([opened.status, corsOf(opened)]).toEqual([201, {}]);
  });

  test('OPTIONS that is no preflight is a route that there is not', async () => {
    expect((await preflight({ origin, 'x-jwt-aud': 'a' })).status).toBe(404);
  });

  test.each([
    ['an answer', { 'x-jwt-aud': 'a' }, 201],
    ['a refusal', {}, 403],
  ])('%s can be read by a script, and is no other otherwise', async (_, claims, status) => {
    const answer = await post(bench, { key: 'secret/a' }, { ...claims, origin });
    expect([answer.status, corsOf(answer)]).toEqual([
      status,
      {
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'Retry-After',
        vary: 'Origin',
      },
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('of what a signed URL opens a script may read the bytes, a piece of them too, and write nothing', async () => {
    const { json } = await post(bench, { key: 'secret/a' }, { 'x-jwt-aud': 'a', origin });
    const url = json.url ?? '';
    const got = await fetch(url, { headers: { origin, range: 'bytes=0-2' } });
    expect([got.status, await got.text()]).toEqual([206, 'con']);
    expect(corsOf(got)).toMatchObject({ 'access-control-allow-origin': origin, vary: 'Origin' });
    const ask = (headers: Record<string, string>) => fetch(url, { method: 'OPTIONS', headers });
    const of = (method: string) => ({ 'access-control-request-method': method });
    const range = { 'access-control-request-headers': 'range' };
    expect((await ask({ ...of('GET'), ...range, origin })).status).toBe(200);
    for (const refused of [
      { ...of('PUT'), origin },
      ...strangers.map((one) => ({ ...of('GET'), origin: one })),
    ])
      expect((await ask(refused)).status).toBe(403);
  });
});

test('by default no script of another origin reads anything', async () => {
  await redeploy(bench, { env: {} });
  const { headers } = await post(bench, { key: 'secret/a' }, { origin: 'https://app.example.com' });
  expect([...headers.keys()].filter((name) => /^access-control/.test(name))).toEqual([]);
});

describe('REQUIRED_CLAIMS', () => {
  beforeAll(async () => {
    const claims = `ENVELOPE_REQUIRED_CLAIMS: '{"x-jwt-aud":"downloads","x-jwt-sub":"*"}'`;
    await redeploy(bench, { edit: (sYaml) => sYaml.replace(/# ENVELOPE_REQUIRED_CLAIMS: .*/, claims) });
  });

  /** What the gateway hands over when it has checked a token. */
  const withClaims = (headers: Record<string, string>) => post(bench, { key: 'secret/a' }, headers);

  test('with them it opens, and the line says whose they are', async () => {
    const claims = { 'x-jwt-aud': 'downloads', 'x-jwt-sub': 'somebody', 'user-agent': 'x'.repeat(300) };
    expect((await withClaims(claims)).status).toBe(201);
    const told = { 'x-jwt-sub': 'somebody', sourceIp: '127.0.0.1', userAgent: 'x'.repeat(200) };
    expect(lineOf(bench)).toMatchObject(told);
  });

  test('what a payload of InvokeFunction says of its caller is in no log', async () => {
    const event = {
      rawPath: '/downloads',
      headers: { 'X-Jwt-Aud': 'downloads', 'X-Jwt-Sub': 'somebody' },
      requestContext: {
        ...{ accountId: '9999999999999999', requestId: '1-00000000-00000000-000000000000' },
        http: { method: 'POST', sourceIp: '203.0.113.9', userAgent: 'made-up' },
      },
      body: '{"key":"secret/a"}',
    };
    const { data } = await invoke(bench, 'oss-envelope-decrypt', JSON.stringify(event));
    expect(JSON.parse(String(data))).toMatchObject({ statusCode: 201 });
    expect(JSON.stringify(lineOf(bench))).not.toMatch(/somebody|203\.0\.113\.9|made-up|9999999|1-00000000/);
  });

  test('without one it is refused, whatever is asked for', async () => {
    const answer = await withClaims({ 'x-jwt-aud': 'uploads', 'x-jwt-sub': 'somebody' });
    expect(outcomeOf(answer)).toEqual({ status: 403, code: 'claims-refused' });
    expect(outcomeOf(await get(bench, pathOf('envelopes', 'secret/a')))).toEqual({
      status: 403,
      code: 'claims-refused',
    });
    const { data } = await invoke(bench, 'oss-envelope-decrypt', '{"key":"secret/a"}');
    expect(data).toMatchObject({ errorType: 'claims-refused' });
  });
});
