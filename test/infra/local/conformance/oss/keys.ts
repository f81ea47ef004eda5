import { describe, expect, test } from 'vitest';
import { failure } from '../../oss/client';
import { elementOf } from '../../oss/raw';
import { exchange } from './raw';
import { at, plain, prefix, requestUrl } from './scratch';

const { client, send } = plain;
const body = Buffer.from('hello');
const rest = 1023 - prefix.length;

describe('a key', () => {
  test.each([
    ...['a b', ' a ', 'a+b', 'a%41', 'a%2Fb', 'q?x=1', 'a#b', 'a\tb', 'a\\b', '你好', '😀', "q'!()*", 'a//b'],
    ...['a/', '&=;,@$', '<a>&amp;"', 'ä', 'a\u0308', '~', 'a'.repeat(rest)],
  ])('%j is kept as it is [documented]', async (name) => {
    await client.put(at(name), body);
    expect((await client.get(at(name))).content.equals(body)).toBe(true);
    const { objects } = await client.listV2({ prefix: at(name), 'max-keys': 1 });
    expect(objects[0]?.name).toBe(at(name));
    await client.delete(at(name));
  });

  test.each(['dots/../b', 'dots/./b', 'dots/..'])('%j is one like any other [assumed]', async (name) => {
    expect((await send({ method: 'PUT', key: at(name), body })).status).toBe(200);
    expect(await send({ method: 'GET', key: at(name) })).toMatchObject({ status: 200, body: 'hello' });
    expect((await client.listV2({ prefix: at('dots/') })).objects.map((object) => object.name)).toContain(
      at(name),
    );
  });

  test.each(['a'.repeat(rest + 1), `${'a'.repeat(rest - 2)}你`])(
    'of 1024 bytes is refused [documented]',
    async (name) => {
      const { status, code, headers } = await send({ method: 'PUT', key: at(name), body });
      expect([status, code, headers['x-oss-ec']]).toEqual([400, 'InvalidObjectName', '0016-00000002']);
    },
  );

  test('a plus sign in the path of a URL is a space [assumed]', async () => {
    await client.put(at('plus sign'), body);
    const url = await client.signatureUrlV4('GET', 60, {}, at('plus sign'));
    expect(await requestUrl(url)).toMatchObject({ status: 200, body: 'hello' });
    expect(await requestUrl(url.replace('plus%20sign', 'plus+sign'))).toMatchObject({
      status: 200,
      body: 'hello',
    });
  });

  test('a control character is listed percent-encoded on request [documented]', async () => {
    const name = at('control\u0001');
    await send({ method: 'PUT', key: name, body });
    const query = { 'list-type': '2', prefix: at('control'), 'encoding-type': 'url' };
    const list = await send({ method: 'GET', key: '', query });
    expect(elementOf(list.body, 'EncodingType')).toBe('url');
    expect(decodeURIComponent(elementOf(list.body, 'Key') ?? '')).toBe(name);
    expect(elementOf(list.body, 'Key')).toContain('control%01');
  });

  test('of other case is another object [documented]', async () => {
    await client.put(at('case'), body);
    expect(await failure(client.get(at('CASE')))).toMatchObject({ code: 'NoSuchKey' });
  });
});

describe('an address', () => {
  test('with the bucket in the path is refused [assumed]', async () => {
    const url = new URL(await client.signatureUrlV4('GET', 60, {}, at('case')));
    const host = url.host.replace(/^[^.]*\./, '');
    const path = `/${plain.bucket}${url.pathname}${url.search}`;
    const answer = await exchange(`${url.protocol}//${host}`, { ...plain.way, method: 'GET', path });
    expect(answer).toMatchObject({ status: 403, code: 'SecondLevelDomainForbidden' });
  });
});
