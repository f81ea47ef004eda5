import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);
const names = ['a1', 'a2', 'a3', 'b1'];
const body = Buffer.from(
  '<LiveChannelConfiguration><Target><Type>HLS</Type></Target></LiveChannelConfiguration>',
);
for (const key of names) await send(cloud, { method: 'PUT', key, query: { live: '' }, body });

const list = async (query: Record<string, string>) => {
  const answer = await send(cloud, { method: 'GET', key: '', query: { live: '', ...query } });
  const listed = [...answer.body.matchAll(/<Name>([^<]*)</g)].map(([, name]) => name);
  return [listed, elementOf(answer.body, 'IsTruncated'), elementOf(answer.body, 'NextMarker')];
};

test("ListLiveChannel in pages, by prefix and marker [observed in an official SDK's tests]", async () => {
  expect(await list({})).toEqual([names, 'false', '']);
  expect(await list({ prefix: 'a', 'max-keys': '2' })).toEqual([['a1', 'a2'], 'true', 'a2']);
  expect(await list({ prefix: 'a', marker: 'a2' })).toEqual([['a3'], 'false', '']);
});

test('ListLiveChannel refuses max-keys=0 [documented]', async () => {
  const refused = await send(cloud, { method: 'GET', key: '', query: { live: '', 'max-keys': '0' } });
  expect([refused.status, refused.headers['x-oss-ec']]).toEqual([400, '0044-00000101']);
});
