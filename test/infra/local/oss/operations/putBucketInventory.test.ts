import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);

const inventory = (id: string, enabled = 'true') =>
  `<InventoryConfiguration><Id>${id}</Id><IsEnabled>${enabled}</IsEnabled><Destination><OSSBucketDestination><Bucket>acs:oss:::inbox</Bucket></OSSBucketDestination></Destination><Schedule><Frequency>Daily</Frequency></Schedule><IncludedObjectVersions>All</IncludedObjectVersions></InventoryConfiguration>`;
const call = (method: string, query: Record<string, string>, body = '') =>
  send(cloud, { method, key: '', query: { inventory: '', ...query }, body: Buffer.from(body) });
const put = (inventoryId: string, body: string) => call('PUT', { inventoryId }, body);

test("PutBucketInventory is given back as it came in [observed in an official SDK's tests]", async () => {
  expect((await put('a', inventory('a'))).status).toBe(200);
  expect((await call('GET', { inventoryId: 'a' })).body).toBe(inventory('a'));
  await put('python', inventory('python', 'True'));
  expect(elementOf((await call('GET', { inventoryId: 'python' })).body, 'IsEnabled')).toBe('true');
});

test("ListBucketInventory in pages of 100 [observed in an official SDK's tests]", async () => {
  for (let n = 0; n < 110; n++) await put(`n${n}`, inventory(`n${n}`));
  const first = (await call('GET', {})).body;
  const token = elementOf(first, 'NextContinuationToken') ?? '';
  const second = (await call('GET', { 'continuation-token': token })).body;
  expect([first.match(/<Id>/g)?.length, elementOf(first, 'IsTruncated')]).toEqual([100, 'true']);
  expect([second.match(/<Id>/g)?.length, elementOf(second, 'IsTruncated')]).toEqual([12, 'false']);
});

test('DeleteBucketInventory, and then it is not there [documented]', async () => {
  await put('gone', inventory('gone'));
  expect((await call('DELETE', { inventoryId: 'gone' })).status).toBe(204);
  const missing = await call('GET', { inventoryId: 'gone' });
  expect(missing).toMatchObject({ status: 404, code: 'NoSuchInventory' });
});

test.each([
  ['an id that is there', 'a', inventory('a'), 409, 'InventoryAlreadyExist'],
  ['another id in the document', 'b', inventory('c'), 400, 'InvalidArgument'],
  ['no id in the document', 'b', inventory('b').replace('<Id>b</Id>', ''), 400, 'MalformedXML'],
  ['no schedule', 'b', inventory('b').replace(/<Schedule>.*<\/Schedule>/, ''), 400, 'MalformedXML'],
])('PutBucketInventory refuses %s [documented]', async (_what, id, document, status, code) => {
  expect(await put(id, document)).toMatchObject({ status, code });
});

test("the storage classes of a filter are told in order [observed in an official SDK's tests]", async () => {
  const filter = '<Filter><StorageClass>Standard,IA</StorageClass></Filter></InventoryConfiguration>';
  await put('sorted', inventory('sorted').replace('</InventoryConfiguration>', filter));
  const { body } = await call('GET', { inventoryId: 'sorted' });
  expect(elementOf(body, 'StorageClass')).toBe('IA,Standard');
});

test.each([
  ['acs:oss:::no-such-bucket', '0020-00000033'],
  ['acs:oss:::bk', '0020-00000032'],
  ['inbox', '0020-00000032'],
])('PutBucketInventory refuses the destination %s with %s [documented]', async (destination, ec) => {
  const refused = await put('lost', inventory('lost').replace('acs:oss:::inbox', destination));
  expect([refused.status, refused.headers['x-oss-ec']]).toEqual([400, ec]);
});

test("PutBucketInventory refuses two encryptions at once [observed in an official SDK's tests]", async () => {
  const both =
    '<Encryption><SSE-KMS><KeyId>k</KeyId></SSE-KMS><SSE-OSS/></Encryption></OSSBucketDestination>';
  expect((await put('twice', inventory('twice').replace('</OSSBucketDestination>', both))).status).toBe(400);
});
