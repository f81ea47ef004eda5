import { CreateAliasRequest, CreateKeyRequest } from '@alicloud/kms20160120';
import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningKms, runKms, signedQuery } from '../../kms/running-kms';

let kms: RunningKms;
let keyId: string;
beforeAll(async () => {
  kms = await runKms();
  const description = '<&"\'> ü';
  keyId = (await kms.client.createKey(new CreateKeyRequest({ description }))).keyMetadata.keyId;
  for (const name of ['a', 'b']) {
    await kms.client.createAlias(new CreateAliasRequest({ keyId, aliasName: `alias/${name}` }));
  }
});
afterAll(() => kms.close());

async function get(own: Record<string, string>) {
  const query = signedQuery(own, { method: 'GET', credentials: kms.accessKeys.root, now: Date.now });
  const response = await fetch(`${kms.endpoint}/?${query}`);
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), text };
}

const parse = (text: string) => new XMLParser({ parseTagValue: false }).parse(text).KMS;

test('XML has the root KMS and repeats the elements of a list [documented]', async () => {
  const { status, type, text } = await get({ Action: 'ListAliases', Format: 'XML' });
  expect([status, type]).toEqual([200, 'text/xml;charset=utf-8']);
  const { Aliases, TotalCount } = parse(text);
  expect(Aliases.Alias.map(({ AliasName }: { AliasName: string }) => AliasName)).toEqual([
    'alias/a',
    'alias/b',
  ]);
  expect(TotalCount).toBe('2');
});

test('XML escapes what it holds [documented]', async () => {
  const { text } = await get({ Action: 'DescribeKey', KeyId: keyId, Format: 'xml' });
  expect(parse(text).KeyMetadata.Description).toBe('<&"\'> ü');
});

test('an error is told in the format that was asked for [documented]', async () => {
  const { status, text } = await get({ Action: 'DescribeKey', KeyId: 'nobody', Format: 'XML' });
  expect(status).toBe(404);
  expect(parse(text)).toMatchObject({ HttpStatus: '404', Code: 'Forbidden.KeyNotFound' });
});

test('JSON is what comes when no format is asked for [documented]', async () => {
  const response = await fetch(kms.endpoint);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ Code: 'MissingParameter' });
});
