import { createHmac } from 'node:crypto';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Credentials } from '../../../../../infra/local/ram/credentials';
import { createClient, failure } from '../client';
import { root, startCloud } from '../cloud';
import { answerTo, beginRequest, type RawRequest } from '../raw';

const cloud = await startCloud({ allowV1: (bucket) => bucket !== 'new' });
afterAll(cloud.close);
afterEach(() => {
  cloud.clock.ahead = 0;
});
const old = clientOf(root);
const hello = Buffer.from('hello');
const minute = 60_000;
const key = "dir/a b+c%41&?'你.txt";
await old.put(key, hello);

function clientOf(credentials: Credentials, more: object = {}) {
  const { endpoint } = cloud.oss;
  return createClient({ endpoint, bucket: 'inbox', credentials, authorizationV4: false, ...more });
}

function sign(toSign: string): string {
  return createHmac('sha1', root.accessKeySecret).update(toSign).digest('base64');
}

function send(request: RawRequest, headers: Record<string, string>) {
  return answerTo(beginRequest(cloud, request, headers), request.body);
}

describe('a signature of V1 in the header', () => {
  test("lets the whole client in [observed in an official SDK's tests]", async () => {
    expect((await old.get(key)).content.equals(hello)).toBe(true);
    expect((await old.list({ prefix: 'dir/', delimiter: '/', 'max-keys': 5 })).objects.length).toBe(1);
    expect((await old.listBuckets()).buckets?.length).toBe(1);
    await old.put('meta', hello, { meta: { a: ' 1 ' }, headers: { 'x-oss-storage-class': 'IA' } });
    const bytes = Buffer.alloc(250_000, 'v1');
    await old.multipartUpload('parts', bytes, { partSize: 102_400 });
    expect((await old.get('parts')).content.equals(bytes)).toBe(true);
    const subres = { 'response-content-type': 'text/x', 'response-cache-control': 'no-store' };
    expect((await old.get(key, { subres })).res.headers).toMatchObject({ 'content-type': 'text/x' });
    await old.putObjectTagging(key, { a: '1' });
    expect((await old.getObjectTagging(key)).tag).toEqual({ a: '1' });
    await old.append('log', hello, { position: 0 });
    await old.copy('copy', key);
    expect((await old.deleteMulti(['meta', 'parts', 'log', 'copy'])).deleted.length).toBe(4);
  });

  test("does not cover the regions of a DescribeRegions [observed in an official SDK's tests]", async () => {
    const date = new Date().toUTCString();
    const authorization = `OSS ${root.accessKeyId}:${sign(`GET\n\n\n${date}\n/`)}`;
    const request = { method: 'GET', bucket: '', key: '', query: { regions: 'oss-cn-hangzhou' } };
    expect((await send(request, { date, authorization })).status).toBe(200);
  });

  test('is checked against the Date header where there is no x-oss-date [documented]', async () => {
    const date = new Date().toUTCString();
    const signature = sign(`GET\n\n\n${date}\n/inbox/${key}`);
    const authorization = `OSS ${root.accessKeyId}:${signature}`;
    expect(await send({ method: 'GET', key }, { date, authorization })).toMatchObject({
      status: 200,
      body: 'hello',
    });
    expect(await send({ method: 'HEAD', key }, { date, authorization })).toMatchObject({ status: 403 });
    const other = await send({ method: 'GET', key: 'other' }, { date, authorization });
    expect(other).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    expect(other.headers['x-oss-ec']).toBe('0002-00000040');
  });

  test('covers the parameters that mean something, and no others [documented]', async () => {
    const date = new Date().toUTCString();
    const authorization = `OSS ${root.accessKeyId}:${sign(`GET\n\n\n${date}\n/inbox/${key}`)}`;
    const request = { method: 'GET', key };
    expect((await send({ ...request, query: { foo: 'bar' } }, { date, authorization })).status).toBe(200);
    for (const name of ['versionId', 'acl', 'response-content-type', 'x-oss-anything', 'symlink']) {
      expect(
        (await send({ ...request, query: { [name]: 'null' } }, { date, authorization })).status,
        name,
      ).toBe(403);
    }
  });

  test.each(['OSS', 'OSS x', 'OSS :x', 'OSS x:'])('%j is malformed [documented]', async (authorization) => {
    const answer = await send({ method: 'GET', key }, { date: new Date().toUTCString(), authorization });
    expect(answer).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  test('needs a date [documented]', async () => {
    for (const date of ['', 'yesterday']) {
      const authorization = `OSS ${root.accessKeyId}:${sign(`GET\n\n\n${date}\n/inbox/${key}`)}`;
      const answer = await send({ method: 'GET', key }, { ...(date && { date }), authorization });
      expect(answer).toMatchObject({ status: 403, code: 'AccessDenied' });
    }
  });

  test.each([-16 * minute, 16 * minute])('clock skew of %i ms is too much [documented]', async (ahead) => {
    cloud.clock.ahead = ahead;
    expect(await failure(old.get(key))).toMatchObject({ status: 403, code: 'RequestTimeTooSkewed' });
  });

  test("bucket, access key, signature are looked at in this order [observed in an official SDK's tests]", async () => {
    const stranger = clientOf({ ...root, accessKeyId: 'LTAIstranger' }, { bucket: 'no-such-bucket' });
    expect(await failure(stranger.get('a'))).toMatchObject({ code: 'NoSuchBucket' });
    const known = clientOf({ ...root, accessKeyId: 'LTAIstranger' });
    expect(await failure(known.get('a'))).toMatchObject({ code: 'InvalidAccessKeyId' });
    const thief = clientOf({ ...root, accessKeySecret: 'guessed' });
    expect(await failure(thief.get('a'))).toMatchObject({ code: 'SignatureDoesNotMatch' });
  });
});

describe('a URL signed with V1', () => {
  test("opens the object, with unsigned parameters that mean nothing too [observed in an official SDK's tests]", async () => {
    const url = old.signatureUrl(key, { expires: 60 });
    expect(await (await fetch(url)).text()).toBe('hello');
    expect((await fetch(`${url}&foo=bar`)).status).toBe(200);
    expect((await fetch(`${url}&response-content-type=text/html`)).status).toBe(403);
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403);
  });

  test('ends at its Expires [documented]', async () => {
    const url = old.signatureUrl(key, { expires: 60 });
    cloud.clock.ahead = 61_000;
    const expired = await fetch(url);
    expect([expired.status, expired.headers.get('x-oss-ec')]).toEqual([403, '0002-00000069']);
  });

  test('is for its key and its content type [documented]', async () => {
    const url = old.signatureUrl('put', { method: 'PUT', expires: 60, 'Content-Type': 'text/plain' });
    const put = (type: string) => fetch(url, { method: 'PUT', body: 'x', headers: { 'content-type': type } });
    expect([(await put('text/html')).status, (await put('text/plain')).status]).toEqual([403, 200]);
    const elsewhere = url.replace('/put?', '/put2?');
    expect((await fetch(elsewhere, { method: 'PUT', body: 'x' })).status).toBe(403);
  });

  test.each([
    [{ Expires: 'abc' }, '0002-00000070'],
    [{ Expires: '' }, undefined],
    [{ Signature: '' }, undefined],
  ])('with %j is refused [documented]', async (changed, ec) => {
    const url = new URL(old.signatureUrl(key, { expires: 60 }));
    for (const [name, value] of Object.entries(changed)) url.searchParams.set(name, value);
    const refused = await fetch(url);
    expect([refused.status, refused.headers.get('x-oss-ec') ?? undefined]).toEqual([403, ec]);
  });

  test('together with a signed header is refused [documented]', async () => {
    const headers = { authorization: 'OSS4-HMAC-SHA256 x' };
    const both = await fetch(old.signatureUrl(key, { expires: 60 }), { headers });
    expect([both.status, both.headers.get('x-oss-ec')]).toEqual([400, '0002-00000039']);
  });
});

describe('where V1 is over', () => {
  test('a bucket refuses it in header and URL, others still take it [documented]', async () => {
    await old.putBucket('inbox');
    await cloud.client.putBucket('new');
    const refused = clientOf(root, { bucket: 'new' });
    const gone = { status: 403, code: 'AccessDenied', ecCode: '0002-00000080' };
    expect(await failure(refused.get('a'))).toMatchObject(gone);
    const inUrl = await fetch(refused.signatureUrl('a', { expires: 60 }));
    expect([inUrl.status, inUrl.headers.get('x-oss-ec')]).toEqual([403, '0002-00000080']);
    expect((await old.get(key)).res.status).toBe(200);
  });

  test('V2 is not implemented, and says so [assumed]', async () => {
    const headers = { authorization: 'OSS2 AccessKeyId:x,Signature:y', date: new Date().toUTCString() };
    expect(await send({ method: 'GET', key }, headers)).toMatchObject({
      status: 501,
      code: 'NotImplemented',
    });
  });
});

describe('temporary credentials with V1', () => {
  const temporary: Credentials = {
    accessKeyId: 'STS.v1',
    accessKeySecret: 'secret-v1',
    securityToken: 'CAIS+token/v1==',
    expiration: Date.now() + 10 * minute,
    arn: 'acs:sts::1:assumed-role/old/session',
  };
  cloud.temporary.set(temporary.accessKeyId, temporary);

  test('are let in with their token, in header and URL [documented]', async () => {
    const client = clientOf(temporary);
    expect((await client.get(key)).res.status).toBe(200);
    expect((await fetch(client.signatureUrl(key, { expires: 60 }))).status).toBe(200);
  });

  test('are refused with the token of others, which no answer repeats [documented]', async () => {
    const mixed = clientOf({ ...temporary, securityToken: 'CAISother' });
    expect(await failure(mixed.get(key))).toMatchObject({ status: 403, code: 'InvalidSecurityToken' });
    const thief = clientOf({ ...temporary, accessKeySecret: 'guessed' });
    const refused = await fetch(thief.signatureUrl(key, { expires: 60 }));
    const body = await refused.text();
    expect([refused.status, body.includes('CAIS+token')]).toEqual([403, false]);
  });
});
