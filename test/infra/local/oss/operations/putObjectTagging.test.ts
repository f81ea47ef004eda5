import { afterAll, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';
import { send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;
await client.put('a', Buffer.from('hello'));

function putXml(xml: string) {
  return send(cloud, { method: 'PUT', key: 'a', query: { tagging: '' }, body: Buffer.from(xml) });
}

test('PutObjectTagging replaces all tags [documented]', async () => {
  await client.putObjectTagging('a', { one: '1', two: '2' });
  await client.putObjectTagging('a', { state: 'sealed', other: 'a/b c' });
  expect((await client.getObjectTagging('a')).tag).toEqual({ state: 'sealed', other: 'a/b c' });
  expect((await client.head('a')).res.headers['x-oss-tagging-count']).toBe('2');
});

test('PutObjectTagging survives a restart [assumed]', async () => {
  await client.putObjectTagging('a', { state: 'kept' });
  await cloud.restart();
  expect((await cloud.client.getObjectTagging('a')).tag).toEqual({ state: 'kept' });
});

test.each([
  ['<Tagging><TagSet>', 'MalformedXML'],
  ['<Other/>', 'MalformedXML'],
  ['<Tagging/>', 'MalformedXML'],
  ['<Tagging><TagSet><Tag><Value>v</Value></Tag></TagSet></Tagging>', 'InvalidTag'],
  [
    `<Tagging><TagSet><Tag><Key>${'k'.repeat(129)}</Key><Value>v</Value></Tag></TagSet></Tagging>`,
    'InvalidTag',
  ],
])('PutObjectTagging refuses %s [documented]', async (xml, code) => {
  expect(await putXml(xml)).toMatchObject({ status: 400, code });
});

test('PutObjectTagging of what is not there [documented]', async () => {
  const refused = await failure(cloud.client.putObjectTagging('missing', { a: '1' }));
  expect(refused).toMatchObject({ status: 404, code: 'NoSuchKey' });
});
