import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startCloud } from './cloud';
import { type RawRequest, send } from './raw';

const cloud = await startCloud();
const heard: { headers: IncomingMessage['headers']; body: string }[] = [];
let says: { status: number; body: string };
const server = createServer(async (request, response) => {
  heard.push({ headers: request.headers, body: await text(request) });
  response.writeHead(says.status).end(says.body);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(async () => {
  server.close();
  await cloud.close();
});
beforeEach(() => {
  heard.length = 0;
  says = { status: 200, body: '{"Status":"OK"}' };
});

// What OSS puts in the place of a name.
const of = (name: string) => `\${${name}}`;
const base64 = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64');
const callback = (more: object = {}) => ({
  'x-oss-callback': base64({
    callbackUrl: `http://${address}/done`,
    callbackBody: `b=${of('bucket')}&k=${of('object')}&n=${of('size')}&v=${of('x:v')}`,
    ...more,
  }),
  'x-oss-callback-var': base64({ 'x:v': 'a b' }),
});
const put = (headers: Record<string, string>, more: Partial<RawRequest> = {}) =>
  send(cloud, { method: 'PUT', key: 'dir/a', body: Buffer.from('hello'), headers, ...more });

describe('a callback', () => {
  test('tells of the upload, and its answer is that of the upload [documented]', async () => {
    const answer = await put(callback());
    expect(answer).toMatchObject({ status: 200, body: '{"Status":"OK"}' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      etag: '"5D41402ABC4B2A76B9719D911017C592"',
    });
    expect(heard).toMatchObject([
      {
        headers: { 'content-type': 'application/x-www-form-urlencoded', host: address },
        body: 'b=inbox&k=dir%2Fa&n=5&v=a%20b',
      },
    ]);
  });

  test('may be JSON, whose values come quoted, and name its host [documented]', async () => {
    const json = { callbackBodyType: 'application/json', callbackHost: 'www.example.com' };
    await put(callback({ ...json, callbackBody: `{"type":${of('mimeType')},"size":${of('size')}}` }));
    expect(heard[0]?.body).toBe('{"type":"application/octet-stream","size":5}');
    expect(heard[0]?.headers.host).toBe('www.example.com');
  });

  test('may stand in the URL [documented]', async () => {
    const { 'x-oss-callback': given } = callback();
    const query = { callback: given };
    expect((await put({}, { query })).body).toBe('{"Status":"OK"}');
  });

  test('is made when a multipart upload is complete [documented]', async () => {
    const { client } = cloud;
    const { uploadId } = await client.initMultipartUpload('big');
    const { etag } = await client.uploadPart('big', uploadId, 1, Buffer.from('hello'), 0, 5);
    const answer = await client.completeMultipartUpload('big', uploadId, [{ number: 1, etag }], {
      headers: callback(),
    });
    expect(answer.res.status).toBe(200);
    expect(heard[0]?.body).toBe('b=inbox&k=big&n=5&v=a%20b');
  });

  test.each([
    ['an error', { status: 500, body: '{}' }],
    ['no JSON', { status: 200, body: 'thanks' }],
  ])('that is answered with %s leaves the object, and 203 [documented]', async (_name, answer) => {
    says = answer;
    expect(await put(callback(), { key: 'kept' })).toMatchObject({ status: 203, code: 'CallbackFailed' });
    expect((await cloud.client.get('kept')).content.toString()).toBe('hello');
  });

  test('goes to the next server when one does not answer [documented]', async () => {
    const callbackUrl = `http://127.0.0.1:1/;http://${address}/`;
    expect((await put(callback({ callbackUrl }))).status).toBe(200);
  });

  test('to another machine is not made, nor is the upload [assumed]', async () => {
    const answer = await put(callback({ callbackUrl: 'http://example.com/' }), { key: 'far' });
    expect(answer).toMatchObject({ status: 501, code: 'NotImplemented' });
    expect((await send(cloud, { method: 'GET', key: 'far' })).code).toBe('NoSuchKey');
  });

  test.each<[string, string | undefined, string]>([
    ['x123-*&', '0007-00000002', '[documented]'],
    ['bm8ganNvbg==', '0007-00000003', '[documented]'],
    [base64({ callbackUrl: `http://${address}/` }), undefined, '[assumed]'],
  ])('of %s is refused with %s %s', async (given, ec) => {
    const { status, code, headers } = await put({ 'x-oss-callback': given });
    expect([status, code, headers['x-oss-ec']]).toEqual([400, 'InvalidArgument', ec]);
  });
});
