import { describe, expect, test } from 'vitest';
import { failure } from '../../oss/client';
import { at, plain } from './scratch';

const { client } = plain;
const body = Buffer.from('hello');
const tagged = at('tagged');

describe('object tags', () => {
  test('are put, counted, read and deleted [documented]', async () => {
    await client.put(tagged, body);
    expect((await client.head(tagged)).res.headers['x-oss-tagging-count']).toBeUndefined();
    await client.putObjectTagging(tagged, { a: '1', 'b c': 'x y' });
    expect((await client.head(tagged)).res.headers['x-oss-tagging-count']).toBe('2');
    expect((await client.getObjectTagging(tagged)).tag).toEqual({ a: '1', 'b c': 'x y' });
    expect((await client.deleteObjectTagging(tagged)).res.status).toBe(204);
    expect((await client.getObjectTagging(tagged)).tag).toEqual({});
  });

  test('come with PutObject, URL-encoded [documented]', async () => {
    await client.put(tagged, body, { headers: { 'x-oss-tagging': 'a=1&b=x%20y' } });
    expect((await client.getObjectTagging(tagged)).tag).toEqual({ a: '1', b: 'x y' });
  });

  test('a new object has none of the old [documented]', async () => {
    await client.put(tagged, body, { headers: { 'x-oss-tagging': 'a=1' } });
    await client.put(tagged, body);
    expect((await client.getObjectTagging(tagged)).tag).toEqual({});
  });

  test.each([
    ['eleven', Array.from({ length: 11 }, (_, index) => `k${index}=v`).join('&')],
    ['a key twice', 'a=1&a=2'],
    ['a key of 129 characters', `${'k'.repeat(129)}=v`],
    ['a value of 257 characters', `k=${'v'.repeat(257)}`],
  ])('%s are refused [documented]', async (_, tags) => {
    const refused = await failure(client.put(tagged, body, { headers: { 'x-oss-tagging': tags } }));
    expect(refused).toMatchObject({ status: 400 });
  });

  test('of a missing object are 404 NoSuchKey [documented]', async () => {
    expect(await failure(client.getObjectTagging(at('missing')))).toMatchObject({ code: 'NoSuchKey' });
  });
});
