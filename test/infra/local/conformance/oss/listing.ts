import { beforeAll, describe, expect, test } from 'vitest';
import { elementOf } from '../../oss/raw';
import { at, plain, prefix } from './scratch';

const { client, send } = plain;
const below = at('list/');
const names = ['B', 'Z', 'a', 'dir/1', 'dir/2', 'dir2/1', 'ä', '你'];
beforeAll(async () => {
  for (const name of [...names].reverse()) await client.put(below + name, Buffer.from(name));
});

const short = (keys: string[]) => keys.map((key) => key.slice(below.length));
const namesOf = (objects: { name: string }[]) => short(objects.map(({ name }) => name));
const raw = (query: Record<string, string>) =>
  send({ method: 'GET', key: '', query: { prefix: below, ...query } });

describe('a list', () => {
  test('is in the order of the bytes [documented]', async () => {
    expect(namesOf((await client.list({ prefix: below })).objects)).toEqual(names);
    expect(namesOf((await client.listV2({ prefix: below })).objects)).toEqual(names);
  });

  test('tells ETag in quotes, size, type and whole seconds [documented]', async () => {
    const { objects } = await client.listV2({ prefix: `${below}a` });
    expect(objects[0]).toMatchObject({
      ...{ etag: '"0CC175B9C0F1B6A831C399E269772661"', size: 1, type: 'Normal' },
      lastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
    });
  });

  test('with a delimiter folds what is below it [documented]', async () => {
    const { objects, prefixes } = await client.list({ prefix: below, delimiter: '/' });
    expect(short(prefixes ?? [])).toEqual(['dir/', 'dir2/']);
    expect(namesOf(objects)).toEqual(['B', 'Z', 'a', 'ä', '你']);
  });

  test('of V2 counts keys and prefixes [documented]', async () => {
    expect((await client.listV2({ prefix: below, delimiter: '/' })).keyCount).toBe(7);
    expect((await client.listV2({ prefix: at('nothing') })).keyCount).toBe(0);
  });

  test.each([1, 3, 8])('of V1 in pages of %i shows each key once [documented]', async (size) => {
    const seen: string[] = [];
    let next: Record<string, string> = {};
    for (let pages = 0; pages < 10; pages++) {
      const page = await client.list({ prefix: below, 'max-keys': size, ...next });
      seen.push(...namesOf(page.objects));
      if (!page.isTruncated) break;
      next = { marker: page.nextMarker ?? '' };
    }
    expect(seen).toEqual(names);
  });

  test.each([1, 3, 8])('of V2 in pages of %i shows each key once [documented]', async (size) => {
    const seen: string[] = [];
    let next: Record<string, string> = {};
    for (let pages = 0; pages < 10; pages++) {
      const page = await client.listV2({ prefix: below, 'max-keys': size, ...next });
      seen.push(...namesOf(page.objects));
      if (!page.isTruncated) break;
      next = { 'continuation-token': page.nextContinuationToken ?? '' };
    }
    expect(seen).toEqual(names);
  });

  test('with a delimiter in pages shows each key and prefix once [documented]', async () => {
    const seen: string[] = [];
    let next: Record<string, string> = {};
    for (let pages = 0; pages < 10; pages++) {
      const page = await client.listV2({ prefix: below, delimiter: '/', 'max-keys': 1, ...next });
      seen.push(...namesOf(page.objects ?? []), ...short(page.prefixes ?? []));
      if (!page.isTruncated) break;
      next = { 'continuation-token': page.nextContinuationToken ?? '' };
    }
    expect(seen).toEqual(['B', 'Z', 'a', 'dir/', 'dir2/', 'ä', '你']);
  });

  test('starts after a key, which need not exist [documented]', async () => {
    const following = async (name: string) =>
      namesOf((await client.listV2({ prefix: below, 'start-after': below + name })).objects);
    expect(await following('dir/1')).toEqual(['dir/2', 'dir2/1', 'ä', '你']);
    expect(await following('dir/3')).toEqual(['dir2/1', 'ä', '你']);
  });

  test('names the owner: V1 always, V2 on request [documented]', async () => {
    expect((await raw({})).body).toContain('<Owner>');
    expect((await raw({ 'list-type': '2' })).body).not.toContain('<Owner>');
    expect((await raw({ 'list-type': '2', 'fetch-owner': 'true' })).body).toContain('<Owner>');
  });

  test("with encoding-type=url is percent-encoded, slashes too [observed in an official SDK's tests]", async () => {
    const { body } = await raw({ 'encoding-type': 'url', 'max-keys': '1' });
    expect(elementOf(body, 'EncodingType')).toBe('url');
    expect(elementOf(body, 'Prefix')).toBe(encodeURIComponent(`${prefix}list/`));
    expect(elementOf(body, 'Key')).toBe(encodeURIComponent(`${prefix}list/B`));
  });

  test.each(['1001', '-1', 'abc'])('of max-keys=%s is refused [documented]', async (size) => {
    expect(await raw({ 'max-keys': size })).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });
});
