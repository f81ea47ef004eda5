import { beforeAll, describe, expect, test } from 'vitest';
import { elementOf } from '../../oss/raw';
import { at, plain } from './scratch';

const key = at('condition');
const { client, send } = plain;
const values: Record<string, string> = {
  'another ETag': '"00000000000000000000000000000000"',
  'the year 2001': 'Mon, 01 Jan 2001 00:00:00 GMT',
};
beforeAll(async () => {
  const { res } = await client.put(key, Buffer.from('hello'));
  values['its ETag'] = res.headers.etag ?? '';
  values['its ETag without quotes'] = values['its ETag'].replaceAll('"', '');
  values['its time'] = (await client.head(key)).res.headers['last-modified'] ?? '';
});

const get = (name: string, value: string, method = 'GET') =>
  send({ method, key, headers: { [name]: values[value] ?? '' } });

describe('a condition of GetObject', () => {
  test.each([
    ['if-match', 'its ETag'],
    ['if-none-match', 'another ETag'],
    ['if-unmodified-since', 'its time'],
    ['if-modified-since', 'the year 2001'],
  ])('%s: %s holds [documented]', async (name, value) => {
    expect(await get(name, value)).toMatchObject({ status: 200, body: 'hello' });
  });

  test('If-Match holds without quotes [assumed]', async () => {
    expect((await get('if-match', 'its ETag without quotes')).status).toBe(200);
  });

  test.each([
    ['if-match', 'another ETag', 'If-Match'],
    ['if-unmodified-since', 'the year 2001', 'If-Unmodified-Since'],
  ])('%s: %s is 412, and named [documented]', async (name, value, condition) => {
    const { status, code, headers, body } = await get(name, value);
    expect([status, code]).toEqual([412, 'PreconditionFailed']);
    expect(headers['x-oss-ec']).toBe('0017-00001001');
    expect(elementOf(body, 'Condition')).toBe(condition);
  });

  test.each([
    ['if-none-match', 'its ETag'],
    ['if-modified-since', 'its time'],
  ])('%s: %s is 304 without a body [documented]', async (name, value) => {
    for (const method of ['GET', 'HEAD']) {
      expect(await get(name, value, method)).toMatchObject({ status: 304, body: '' });
    }
  });

  test('If-Match fails a HEAD too [documented]', async () => {
    expect((await get('if-match', 'another ETag', 'HEAD')).status).toBe(412);
  });
});
