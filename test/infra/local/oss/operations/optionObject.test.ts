import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { answerTo, beginRequest, type RawAnswer, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);

/** A preflight, which comes without a signature. */
function ask(origin: string, method: string, headers = ''): Promise<RawAnswer> {
  const asked = {
    origin,
    'access-control-request-method': method,
    ...(headers && { 'access-control-request-headers': headers }),
  };
  return answerTo(beginRequest(cloud, { method: 'OPTIONS', key: 'a' }, asked));
}

test('OptionObject without a CORS configuration [documented]', async () => {
  expect(await ask('http://a.com', 'PUT')).toMatchObject({ status: 403, code: 'AccessForbidden' });
});

test('OptionObject answers by the first rule that allows it [documented]', async () => {
  const rule = (content: string) => `<CORSRule>${content}</CORSRule>`;
  const rules = [
    '<AllowedOrigin>http://*.b.com</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedHeader>x-oss-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds>',
    '<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>',
  ];
  const body = Buffer.from(`<CORSConfiguration>${rules.map(rule).join('')}</CORSConfiguration>`);
  await send(cloud, { method: 'PUT', key: '', query: { cors: '' }, body });

  expect(await ask('http://a.b.com', 'PUT', 'X-Oss-Date, x-oss-meta-a')).toMatchObject({
    status: 200,
    headers: {
      'access-control-allow-origin': 'http://a.b.com',
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'x-oss-date, x-oss-meta-a',
      'access-control-expose-headers': 'ETag',
      'access-control-max-age': '60',
    },
  });
  const anybody = await ask('http://c.com', 'GET');
  expect(anybody.headers['access-control-allow-origin']).toBe('*');
});

test('the answer itself tells it too, where a rule allows it [documented]', async () => {
  await cloud.client.put('a', Buffer.from('hello'));
  const get = (headers: Record<string, string>) => send(cloud, { method: 'GET', key: 'a', headers });
  expect((await get({ origin: 'http://c.com' })).headers['access-control-allow-origin']).toBe('*');
  expect((await get({})).headers).not.toHaveProperty('access-control-allow-origin');
});

test.each([
  ['http://c.com', 'PUT', ''],
  ['http://a.b.com', 'DELETE', ''],
  ['http://a.b.com', 'PUT', 'authorization'],
])('OptionObject refuses origin=%s method=%s headers=%s [documented]', async (origin, method, headers) => {
  expect(await ask(origin, method, headers)).toMatchObject({ status: 403, code: 'AccessForbidden' });
});
