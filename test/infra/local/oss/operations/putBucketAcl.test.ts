import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);

const putAcl = (acl: string) =>
  send(cloud, { method: 'PUT', key: '', query: { acl: '' }, headers: { 'x-oss-acl': acl } });
const grant = async () =>
  elementOf((await send(cloud, { method: 'GET', key: '', query: { acl: '' } })).body, 'Grant');
const block = (value: string) => {
  const root = 'PublicAccessBlockConfiguration';
  const body = Buffer.from(`<${root}><BlockPublicAccess>${value}</BlockPublicAccess></${root}>`);
  return send(cloud, { method: 'PUT', key: '', query: { publicAccessBlock: '' }, body });
};

test('a new bucket is private and refuses to become public [documented]', async () => {
  expect(await grant()).toBe('private');
  expect(await putAcl('public-read')).toMatchObject({ status: 403, code: 'AccessDenied' });
  expect(await grant()).toBe('private');
});

test("PutBucketAcl once public access is not blocked [observed in an official SDK's tests]", async () => {
  await block('false');
  for (const acl of ['public-read', 'public-read-write', 'private']) {
    expect((await putAcl(acl)).status).toBe(200);
    expect(await grant()).toBe(acl);
  }
  const { bucket } = await cloud.client.getBucketInfo('inbox');
  expect(bucket).toMatchObject({ AccessControlList: { Grant: 'private' }, BlockPublicAccess: 'false' });
});

test('PutBucketAcl refuses another ACL, or none [documented]', async () => {
  expect(await putAcl('default')).toMatchObject({ status: 400, code: 'InvalidArgument' });
  const none = await send(cloud, { method: 'PUT', key: '', query: { acl: '' } });
  expect(none).toMatchObject({ status: 400, code: 'MissingArgument' });
});

test('PutBucket of a bucket that is there may change its ACL, and nothing else [documented]', async () => {
  await block('false');
  const headers = { 'x-oss-acl': 'public-read' };
  expect((await send(cloud, { method: 'PUT', key: '', headers })).status).toBe(200);
  expect(await grant()).toBe('public-read');
});
