import { beforeAll, describe, expect, test } from 'vitest';
import { failure } from '../../oss/client';
import { at, plain } from './scratch';

const { client, send, bucket } = plain;
const source = at('source +ü.txt');
const path = `/${bucket}/${encodeURIComponent(source)}`;
const other = '"00000000000000000000000000000000"';
let etag = '';
beforeAll(async () => {
  const options = { headers: { 'Content-Type': 'text/css', 'x-oss-tagging': 'a=1' }, meta: { owner: 'bob' } };
  etag = (await client.put(source, Buffer.from('hello'), options)).res.headers.etag ?? '';
});

const copyTo = (name: string, headers: Record<string, string> = {}) =>
  send({ method: 'PUT', key: at(name), headers: { 'x-oss-copy-source': path, ...headers } });

describe('CopyObject', () => {
  test('answers ETag and time [documented]', async () => {
    const { data } = await client.copy(at('copied'), source);
    expect(data.etag).toBe(etag);
    expect(data.lastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
    expect((await client.get(at('copied'))).content.toString()).toBe('hello');
  });

  test('takes the metadata and tags along [documented]', async () => {
    await copyTo('along');
    const { res, meta } = await client.head(at('along'));
    expect([res.headers['content-type'], meta]).toEqual(['text/css', { owner: 'bob' }]);
    expect((await client.getObjectTagging(at('along'))).tag).toEqual({ a: '1' });
  });

  test('leaves them behind on request [documented]', async () => {
    const headers = {
      'x-oss-metadata-directive': 'REPLACE',
      'content-type': 'text/html',
      'x-oss-meta-a': '1',
    };
    expect((await copyTo('replaced', headers)).status).toBe(200);
    const { res, meta } = await client.head(at('replaced'));
    expect([res.headers['content-type'], meta]).toEqual(['text/html', { a: '1' }]);
  });

  test('onto itself changes the metadata [documented]', async () => {
    await client.put(at('itself'), Buffer.from('hello'), { meta: { owner: 'bob' } });
    await client.copy(at('itself'), at('itself'), { meta: { owner: 'alice' } });
    expect((await client.head(at('itself'))).meta).toEqual({ owner: 'alice' });
    expect((await client.get(at('itself'))).content.toString()).toBe('hello');
  });

  test('of a missing object is 404 NoSuchKey [documented]', async () => {
    const missing = await failure(client.copy(at('never'), at('missing')));
    expect(missing).toMatchObject({ status: 404, code: 'NoSuchKey' });
  });

  test('with a condition that holds [documented]', async () => {
    expect((await copyTo('held', { 'x-oss-copy-source-if-match': etag })).status).toBe(200);
    expect((await copyTo('held', { 'x-oss-copy-source-if-none-match': other })).status).toBe(200);
  });

  test('with a condition that fails copies nothing [documented]', async () => {
    const failed = await copyTo('failed', { 'x-oss-copy-source-if-match': other });
    expect(failed).toMatchObject({ status: 412, code: 'PreconditionFailed' });
    expect((await copyTo('failed', { 'x-oss-copy-source-if-none-match': etag })).status).toBe(304);
    expect(await failure(client.head(at('failed')))).toMatchObject({ status: 404 });
  });

  test('another word for the directive is refused [assumed]', async () => {
    const refused = await copyTo('refused', { 'x-oss-metadata-directive': 'KEEP' });
    expect(refused).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });
});
