import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Credentials } from '../../../../../infra/local/ram/credentials';
import { createClient } from '../client';
import { root, startCloud } from '../cloud';
import { elementOf, send as sendSigned } from '../raw';

const cloud = await startCloud({ allowV1: (bucket) => bucket !== 'new', blockPublicAccess: false });
afterAll(cloud.close);
beforeEach(() => cloud.events.splice(0));
const { client } = cloud;
const hello = new Blob(['hello'], { type: 'text/plain' });

type Fields = Record<string, string>;

async function send(init: RequestInit, bucket = 'inbox') {
  const url = `${cloud.oss.endpoint}/${bucket}`;
  const response = await fetch(url, { method: 'POST', redirect: 'manual', ...init });
  const { status, headers } = response;
  const body = await response.text();
  return { status, headers, body, code: elementOf(body, 'Code'), ec: headers.get('x-oss-ec') };
}

/** Sends a form: its fields, then the file. */
function post(fields: Fields, { file = hello, name = 'a.txt', bucket = 'inbox' } = {}) {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('file', file, name);
  return send({ body: form }, bucket);
}

function policy(...conditions: unknown[]) {
  return { expiration: new Date(Date.now() + 3_600_000).toISOString(), conditions };
}

function inBase64(document: unknown): string {
  return Buffer.from(JSON.stringify(document)).toString('base64');
}

function signedV1(key: string, document: object = policy()): Fields {
  return { key, ...client.calculatePostSignature(document) };
}

function signedV4(key: string, document: object = policy(), by: Credentials = root): Fields {
  const now = new Date();
  const date = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const signer = createClient({ endpoint: cloud.oss.endpoint, bucket: 'inbox', credentials: by });
  return {
    key,
    policy: inBase64(document),
    'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    'x-oss-date': date,
    'x-oss-credential': `${by.accessKeyId}/${date.slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`,
    'x-oss-signature': signer.signPostObjectPolicyV4(document, now),
  };
}

describe.each([
  ['V1', signedV1],
  ['V4', signedV4],
])('a form signed with %s', (_version, signed) => {
  test('puts its file [documented]', async () => {
    const answer = await post({ ...signed('form'), 'x-oss-meta-a': '1', 'Cache-Control': 'no-store' });
    expect([answer.status, answer.body]).toEqual([204, '']);
    expect(answer.headers.get('etag')).toBe('"5D41402ABC4B2A76B9719D911017C592"');
    const { content, res } = await client.get('form');
    expect(content.toString()).toBe('hello');
    const told = { 'content-type': 'text/plain', 'x-oss-meta-a': '1', 'cache-control': 'no-store' };
    expect(res.headers).toMatchObject(told);
    const events = cloud.events.map(({ eventName, oss }) => [eventName, oss.object.key, oss.object.size]);
    expect(events).toEqual([['ObjectCreated:PostObject', 'form', 5]]);
  });

  test('is held to its signature [documented]', async () => {
    const changed = { ...signed('mine', policy(['eq', '$key', 'mine'])), policy: inBase64(policy()) };
    expect(await post(changed)).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    const { policy: _, ...without } = signed('mine');
    expect(await post(without)).toMatchObject({ status: 400, ec: '0002-00000702' });
    const { Signature: __, 'x-oss-signature': ___, ...unsigned } = signed('mine');
    expect(await post(unsigned)).toMatchObject({ status: 400, ec: '0002-00000703' });
  });

  test('is held to its policy [documented]', async () => {
    const fields = signed('mine', policy(['starts-with', '$key', 'mine']));
    expect(await post({ ...fields, key: 'yours' })).toMatchObject({ status: 403, ec: '0006-00000227' });
    expect((await client.list({ prefix: 'yours' })).objects).toEqual([]);
    expect((await post(fields)).status).toBe(204);
  });

  test('of an unknown access key is refused [documented]', async () => {
    const stranger = { ...signed('a'), OSSAccessKeyId: 'LTAIstranger' };
    const credential = signed('a')['x-oss-credential']?.replace(root.accessKeyId, 'LTAIstranger');
    const fields = credential === undefined ? stranger : { ...signed('a'), 'x-oss-credential': credential };
    expect(await post(fields)).toMatchObject({ status: 403, code: 'InvalidAccessKeyId' });
  });
});

describe('the policy of a form', () => {
  test.each([
    [['eq', '$x-oss-meta-a', '1'], 204],
    [['eq', '$x-oss-meta-a', '2'], 403],
    [{ 'x-oss-meta-a': '1' }, 204],
    [{ bucket: 'inbox' }, 204],
    [{ bucket: 'vault' }, 403],
    [['starts-with', '$key', 'di'], 204],
    [['starts-with', '$x-oss-meta-a', ''], 204],
    [['in', '$content-type', ['image/png', 'image/gif']], 403],
    [['not-in', '$key', ['other']], 204],
    [['content-length-range', 5, 5], 204],
    [['content-length-range', 0, 4], 400],
    [['content-length-range', 6, 9], 400],
    [['content-length-range', 6, 5], 400],
    [['content-length-range', 1, 'x'], 400],
    [['like', '$key', 'x'], 400],
    [['eq', '$key'], 400],
    ['eq', 400],
  ])('%j -> %i [documented]', async (condition, status) => {
    const answer = await post({ ...signedV4('dir/a', policy(condition)), 'x-oss-meta-a': '1' });
    expect(answer.status).toBe(status);
  });

  test.each([
    [{ expiration: '2020-01-01T00:00:00.000Z', conditions: [] }, 403, 'AccessDenied'],
    [{ conditions: [] }, 400, 'InvalidPolicyDocument'],
    [{ expiration: 'tomorrow', conditions: [] }, 400, 'InvalidPolicyDocument'],
    [{ expiration: new Date(Date.now() + 60_000).toISOString() }, 400, 'InvalidPolicyDocument'],
  ])('%j -> %i %s [documented]', async (document, status, code) => {
    expect(await post(signedV4('a', document))).toMatchObject({ status, code });
  });

  test('a file too large or too small leaves nothing [documented]', async () => {
    const fields = signedV4('sized', policy(['content-length-range', 10, 20]));
    expect(await post(fields)).toMatchObject({ status: 400, code: 'EntityTooSmall', ec: '0006-00000004' });
    const large = { file: new Blob(['x'.repeat(21)]) };
    expect(await post(fields, large)).toMatchObject({ status: 400, code: 'EntityTooLarge' });
    expect((await client.list({ prefix: 'sized' })).objects).toEqual([]);
    expect(cloud.events).toEqual([]);
  });
});

describe('the answer to a form', () => {
  test.each([
    ['200', 200],
    ['201', 201],
    ['204', 204],
    ['302', 204],
    ['x', 204],
  ])('success_action_status %s -> %i [documented]', async (wanted, status) => {
    const answer = await post({ ...signedV4('a&b'), success_action_status: wanted });
    expect(answer.status).toBe(status);
    const named = [elementOf(answer.body, 'Bucket'), elementOf(answer.body, 'Key')];
    expect(named).toEqual(status === 201 ? ['inbox', 'a&amp;b'] : [undefined, undefined]);
  });

  test('success_action_redirect sends the browser on [documented]', async () => {
    const to = { success_action_redirect: 'http://example.com/done?x=1' };
    const answer = await post({ ...signedV4('a b'), ...to });
    const location = new URL(String(answer.headers.get('location')));
    expect([answer.status, location.origin]).toEqual([303, 'http://example.com']);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      x: '1',
      bucket: 'inbox',
      key: 'a b',
      etag: '"5D41402ABC4B2A76B9719D911017C592"',
    });
  });

  test('a placeholder in the key is the name of the file, without folders [documented]', async () => {
    await post(signedV4(`up/$${'{filename}'}`), { name: 'C:\\tmp\\$& 你.txt' });
    expect((await client.get('up/$& 你.txt')).content.toString()).toBe('hello');
  });
});

describe('who may send a form', () => {
  test('nobody to a private bucket, everybody to a public one [documented]', async () => {
    expect(await post({ key: 'anonymous' })).toMatchObject({ status: 403, code: 'AccessDenied' });
    const headers = { 'x-oss-acl': 'public-read-write' };
    await sendSigned(cloud, { method: 'PUT', bucket: 'public', key: '', headers });
    expect((await post({ key: 'anonymous' }, { bucket: 'public' })).status).toBe(204);
  });

  test('V1 is refused where the bucket takes no V1 [documented]', async () => {
    await client.putBucket('new');
    expect(await post(signedV1('a'), { bucket: 'new' })).toMatchObject({ status: 403, ec: '0002-00000080' });
    expect((await post(signedV4('a'), { bucket: 'new' })).status).toBe(204);
  });

  test('temporary credentials need their token [documented]', async () => {
    const temporary: Credentials = {
      accessKeyId: 'STS.form',
      accessKeySecret: 'secret-form',
      securityToken: 'CAIS+form==',
      expiration: Date.now() + 600_000,
      arn: 'acs:sts::1:assumed-role/web/session',
    };
    cloud.temporary.set(temporary.accessKeyId, temporary);
    const fields = signedV4('temporary', policy(), temporary);
    expect(await post(fields)).toMatchObject({ status: 403, code: 'InvalidAccessKeyId' });
    expect((await post({ ...fields, 'x-oss-security-token': 'CAIS+form==' })).status).toBe(204);
  });
});

describe('a body that is no such form', () => {
  const type = { 'content-type': 'multipart/form-data; boundary=XX' };
  const head = '--XX\r\nContent-Disposition: form-data; name="';

  test.each([
    ['nothing', ''],
    ['no boundary', 'hello'],
    ['no file', `${head}key"\r\n\r\na\r\n--XX--\r\n`],
    ['a field without a name', '--XX\r\nContent-Disposition: form-data\r\n\r\na\r\n--XX--\r\n'],
    ['a field twice', `${head}key"\r\n\r\na\r\n${head}key"\r\n\r\nb\r\n${head}file"\r\n\r\nx\r\n--XX--\r\n`],
    ['fields of a megabyte', `${head}key"\r\n\r\n${'a'.repeat(2 ** 20)}\r\n--XX--\r\n`],
  ])('%s [documented]', async (_name, body) => {
    const refused = await send({ body, headers: type });
    expect(refused).toMatchObject({ status: 400, code: 'MalformedPOSTRequest', ec: '0006-00000104' });
  });

  test('the file is not the last field: nothing is stored [documented]', async () => {
    const fields = Object.entries(signedV4('last')).map(([k, v]) => `${head}${k}"\r\n\r\n${v}\r\n`);
    const file = `${head}file"; filename="x"\r\n\r\nhello\r\n`;
    const body = `${fields.join('')}${file}${head}late"\r\n\r\n1\r\n--XX--\r\n`;
    expect(await send({ body, headers: type })).toMatchObject({ status: 400, code: 'MalformedPOSTRequest' });
    expect((await client.list({ prefix: 'last' })).objects).toEqual([]);
    expect((await send({ body: `${fields.join('')}${file}--XX--\r\n`, headers: type })).status).toBe(204);
    expect((await client.get('last')).content.toString()).toBe('hello');
  });

  test('of another type [documented]', async () => {
    expect(await send({ body: 'a=b' })).toMatchObject({ status: 400, code: 'MalformedPOSTRequest' });
  });

  test('a file that looks like boundaries comes whole [documented]', async () => {
    const bytes = `\r\n--XX\r\n--X\r\n\r\n--${'\r\n-'.repeat(50_000)}`;
    await post(signedV4('looks'), { file: new Blob([bytes]) });
    expect((await client.get('looks')).content.toString()).toBe(bytes);
  });

  test.each([
    ['', '0016-00000001'],
    ['/a', '0016-00000005'],
  ])('the key %j [documented]', async (key, ec) => {
    expect(await post(signedV4(key))).toMatchObject({ status: 400, code: 'InvalidObjectName', ec });
  });
});
