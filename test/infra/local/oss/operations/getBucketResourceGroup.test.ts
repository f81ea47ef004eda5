import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);

const query = { resourceGroup: '' };
const get = () => send(cloud, { method: 'GET', key: '', query });
const put = (id: string) => {
  const xml = `<BucketResourceGroupConfiguration><ResourceGroupId>${id}</ResourceGroupId></BucketResourceGroupConfiguration>`;
  return send(cloud, { method: 'PUT', key: '', query, body: Buffer.from(xml) });
};

test('GetBucketResourceGroup names the default group, the only one there is [assumed]', async () => {
  expect(elementOf((await get()).body, 'ResourceGroupId')).toMatch(/^rg-/);
});

test('PutBucketResourceGroup takes that group and no other [assumed]', async () => {
  const id = elementOf((await get()).body, 'ResourceGroupId') ?? '';
  expect((await put(id)).status).toBe(200);
  const refused = await put('rg-other');
  expect(elementOf(refused.body, 'Code')).toBe('ResourceGroupIdPreCheckError');
});
