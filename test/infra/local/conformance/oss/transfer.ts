import { beforeAll, describe, expect, test } from 'vitest';
import { at, plain } from './scratch';

const { client, send } = plain;
const gzip = { 'accept-encoding': 'gzip' };

beforeAll(async () => {
  await client.put(at('long.txt'), Buffer.alloc(1024, 'a'), { mime: 'text/plain' });
  await client.put(at('short.txt'), Buffer.alloc(1023, 'a'), { mime: 'text/plain' });
});

const told = async (key: string, headers: Record<string, string>) => {
  const answer = await send({ method: 'GET', key: at(key), headers });
  return [answer.status, answer.headers['content-encoding'], answer.headers.etag !== undefined];
};

describe('a client that takes gzip', () => {
  test('gets a text of 1 KB in gzip, without its ETag [documented]', async () => {
    expect(await told('long.txt', gzip)).toEqual([200, 'gzip', false]);
  });

  test('gets a shorter one as it is [documented]', async () => {
    expect(await told('short.txt', gzip)).toEqual([200, undefined, true]);
  });

  test('gets a range as it is [assumed]', async () => {
    expect(await told('long.txt', { ...gzip, range: 'bytes=0-9' })).toEqual([206, undefined, true]);
  });
});

test.each(['abc', '819199', '838860801'])(
  'x-oss-traffic-limit: %s is refused [documented]',
  async (limit) => {
    const headers = { 'x-oss-traffic-limit': limit };
    const answer = await send({ method: 'GET', key: at('short.txt'), headers });
    expect([answer.status, answer.code, answer.headers['x-oss-ec']]).toEqual([
      ...[400, 'InvalidArgument', '0004-00000502'],
    ]);
  },
);

test('a parameter without a value may be signed as name or as name= [assumed]', async () => {
  const query = { prefix: at('short'), marker: '' };
  expect((await client.list(query)).objects).toHaveLength(1);
  expect((await send({ method: 'GET', key: '', query })).status).toBe(200);
});
