import { Agent } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { OssError } from '../../../../infra/local/oss/wire/errors';
import { createClient, failure } from './client';
import { root, startCloud } from './cloud';
import { answerTo, beginRequest, send, signedHeaders } from './raw';

const cloud = await startCloud();
afterAll(cloud.close);
const hello = Buffer.from('hello');

describe('ways to reach a bucket', () => {
  test('the production path: the bucket in the host name [documented]', async () => {
    const lookup = (_name: string, _options: object, found: (e: null, a: object[]) => void) =>
      found(null, [{ address: '127.0.0.1', family: 4 }]);
    const agent = new Agent({ lookup: Object.assign(lookup) });
    const client = createClient({
      credentials: root,
      bucket: 'inbox',
      sldEnable: false,
      agent,
      endpoint: `http://oss-cn-hangzhou-internal.aliyuncs.com:${cloud.oss.port}`,
    });
    await client.put('host/style', hello);
    const { content } = await client.get('host/style');
    const { buckets } = await client.listBuckets();
    agent.destroy();
    expect(content.equals(hello)).toBe(true);
    expect(buckets?.map(({ name }) => name)).toEqual(['inbox']);
  });

  test('an IP endpoint: the bucket in the Host header only [assumed]', async () => {
    const endpoint = `http://127.0.0.1:${cloud.oss.port}`;
    const client = createClient({ endpoint, credentials: root, bucket: 'inbox', sldEnable: false });
    await client.put('ip', hello);
    expect((await client.get('ip')).content.equals(hello)).toBe(true);
    expect((await client.listBuckets()).buckets?.map(({ name }) => name)).toEqual(['inbox']);
  });

  test('a custom domain serves the keys of its bucket to signed URLs [documented]', async () => {
    await cloud.client.put('shared/a+b c.txt', hello);
    const endpoint = await cloud.oss.bindDomain('inbox');
    const client = createClient({
      credentials: root,
      bucket: 'inbox',
      sldEnable: false,
      cname: true,
      endpoint,
    });
    const url = await client.signatureUrlV4('GET', 60, {}, 'shared/a+b c.txt');
    const answer = await fetch(url);
    expect(url.startsWith(`${endpoint}/shared/`)).toBe(true);
    expect(await answer.text()).toBe('hello');
  });

  test.each(['a b', 'a+b', 'q?#&=%41', "!'()*", '你好/ü', 'a//b', 'tab\there', 'back\\slash', '~-._'])(
    "key=%j comes back as it went [observed in an official SDK's tests]",
    async (key) => {
      await cloud.client.put(key, hello);
      const { objects } = await cloud.client.list({ prefix: key });
      expect((await cloud.client.get(key)).content.equals(hello)).toBe(true);
      expect(objects.map(({ name }) => name)).toContain(key);
    },
  );

  test.each(['a/../b', './x', '..', 'a/./b'])(
    'key=%s with dots is a name like any other [assumed]',
    async (key) => {
      const put = await send(cloud, { method: 'PUT', key, body: hello });
      const got = await send(cloud, { method: 'GET', key });
      expect([put.status, got.body]).toEqual([200, 'hello']);
    },
  );

  test('the absolute form of a proxy is understood [assumed]', async () => {
    const request = { method: 'GET', key: 'a b' };
    const opened = beginRequest(cloud, request, signedHeaders(cloud.client, request));
    opened.path = `http://localhost:${cloud.oss.port}${opened.path}`;
    expect((await answerTo(opened)).status).toBe(200);
  });
});

describe('answers', () => {
  test('an error is a document with code, message, request id, host and EC [documented]', async () => {
    const { status, headers, body } = await send(cloud, { method: 'GET', key: 'missing' });
    expect(status).toBe(404);
    expect(headers).toMatchObject({ 'content-type': 'application/xml', 'x-oss-ec': '0026-00000001' });
    expect(headers['x-oss-request-id']).toMatch(/^[0-9A-F]{24}$/);
    expect(body).toContain('<Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>');
    expect(body).toContain(`<RequestId>${headers['x-oss-request-id']}</RequestId>`);
    expect(body).toContain('<Key>missing</Key><EC>0026-00000001</EC>');
  });

  test("an error of a HEAD is in x-oss-err [observed in an official SDK's tests]", async () => {
    const { headers, body } = await send(cloud, { method: 'HEAD', key: 'missing' });
    const document = Buffer.from(String(headers['x-oss-err']), 'base64').toString();
    expect(body).toBe('');
    expect(document).toContain('<Code>NoSuchKey</Code>');
  });

  test.each([
    ['SelectObject', 'POST', { 'x-oss-process': 'csv/select' }],
    ['SealAppendObject', 'POST', { seal: '', position: '1' }],
    ['CleanRestoredObject', 'POST', { cleanRestoredObject: '' }],
  ])('%s is refused by name and changes nothing [assumed]', async (operation, method, query) => {
    const before = await cloud.client.getBucketVersions();
    const refused = await send(cloud, { method, key: 'a b', query: { ...query } });
    expect(refused).toMatchObject({ status: 501, code: 'NotImplemented' });
    expect(refused.body).toContain(`${operation} is not implemented by the local cloud.`);
    expect((await cloud.client.getBucketVersions()).objects).toEqual(before.objects);
  });

  test.each([
    ['PUT', 'worm', ''],
    ['GET', 'x-oss-process', 'image/resize,w_1'],
    ['GET', 'policy', ''],
    ['DELETE', 'acl', ''],
  ])('%s with the sub-resource %s does not fall through [assumed]', async (method, name, value) => {
    const answer = await send(cloud, { method, key: 'a b', query: { [name]: value } });
    expect(answer).toMatchObject({ status: 501, code: 'NotImplemented' });
    expect(answer.body).toContain(name);
  });

  test("a parameter that means nothing is signed and ignored [observed in an official SDK's tests]", async () => {
    const query = { unheardOf: 'x', 'x-oss-traffic-limit': '819200' };
    expect((await send(cloud, { method: 'PUT', key: 'ignored', query, body: hello })).status).toBe(200);
    expect(await send(cloud, { method: 'GET', key: 'ignored', query })).toMatchObject({ body: 'hello' });
  });

  test('a PATCH is no method of OSS [documented]', async () => {
    expect(await send(cloud, { method: 'PATCH', key: 'a b' })).toMatchObject({
      status: 405,
      code: 'MethodNotAllowed',
    });
  });
});

describe('hooks', () => {
  test('a hook sees the call without its secrets [assumed]', async () => {
    const calls: unknown[] = [];
    cloud.hooks.before = (call) => void calls.push(call);
    await cloud.client.put('hooked', hello, { headers: { 'x-oss-meta-a': 'b' } });
    delete cloud.hooks.before;
    expect(calls).toEqual([
      {
        service: 'oss',
        operation: 'PutObject',
        bucket: 'inbox',
        key: 'hooked',
        query: {},
        principal: root.arn,
        headers: expect.objectContaining({ 'x-oss-meta-a': 'b' }),
      },
    ]);
    expect(JSON.stringify(calls)).not.toMatch(/authorization|Signature/);
  });

  test('an OssError before is the answer, and nothing is applied [assumed]', async () => {
    cloud.hooks.before = () => {
      throw new OssError('ServiceUnavailable');
    };
    const refused = await failure(cloud.client.put('refused', hello));
    delete cloud.hooks.before;
    expect(refused).toMatchObject({ status: 503, code: 'ServiceUnavailable' });
    expect(await failure(cloud.client.head('refused'))).toMatchObject({ status: 404 });
  });

  test('a large body on its way does not keep the error from the client [assumed]', async () => {
    cloud.hooks.before = () => {
      throw new OssError('InternalError');
    };
    const refused = await failure(cloud.client.put('refused', Buffer.alloc(20_000_000)));
    delete cloud.hooks.before;
    expect(refused).toMatchObject({ status: 500, code: 'InternalError' });
  });

  test('any other error before destroys the connection, and nothing is applied [assumed]', async () => {
    cloud.hooks.before = () => {
      throw new Error('cable cut');
    };
    const refused = await failure(cloud.client.put('refused', hello));
    delete cloud.hooks.before;
    expect(refused.status).toBe(-1);
    expect(await failure(cloud.client.head('refused'))).toMatchObject({ status: 404 });
  });

  test('an error after loses the answer to what was applied [assumed]', async () => {
    cloud.hooks.after = () => {
      throw new OssError('ServiceUnavailable');
    };
    const refused = await failure(cloud.client.put('applied', hello));
    delete cloud.hooks.after;
    expect(refused.status).toBe(-1);
    expect((await cloud.client.head('applied')).status).toBe(200);
  });

  test('the object read stays what it was when it is overwritten after the look-up [assumed]', async () => {
    const old = Buffer.alloc(3_000_000, 'old');
    await cloud.client.put('moving', old);
    cloud.hooks.after = async ({ operation }) => {
      if (operation !== 'GetObject') return;
      delete cloud.hooks.after;
      await cloud.client.put('moving', hello);
    };
    expect((await cloud.client.get('moving')).content.equals(old)).toBe(true);
    expect((await cloud.client.get('moving')).content.equals(hello)).toBe(true);
  });
});
