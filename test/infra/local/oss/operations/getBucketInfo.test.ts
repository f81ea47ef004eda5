import { afterAll, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';
import { send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);

test("GetBucketInfo tells this server as endpoint, so that clients come back [observed in an official SDK's tests]", async () => {
  const host = `localhost:${cloud.oss.port}`;
  expect((await cloud.client.getBucketInfo('inbox')).bucket).toMatchObject({
    Name: 'inbox',
    Location: 'oss-cn-hangzhou',
    ExtranetEndpoint: host,
    IntranetEndpoint: host,
  });
});

test("GetBucketInfo tells everything about a plain bucket [observed in an official SDK's tests]", async () => {
  expect((await cloud.client.getBucketInfo('inbox')).bucket).toMatchObject({
    AccessMonitor: 'Disabled',
    StorageClass: 'Standard',
    DataRedundancyType: 'LRS',
    TransferAcceleration: 'Disabled',
    CrossRegionReplication: 'Disabled',
    BlockPublicAccess: 'true',
    AccessControlList: { Grant: 'private' },
    ServerSideEncryptionRule: { SSEAlgorithm: 'None' },
    ResourceGroupId: expect.stringMatching(/^rg-/),
  });
});

test("GetBucketInfo tells how a bucket was created [observed in an official SDK's tests]", async () => {
  const kind = '<StorageClass>IA</StorageClass><DataRedundancyType>ZRS</DataRedundancyType>';
  const body = Buffer.from(`<CreateBucketConfiguration>${kind}</CreateBucketConfiguration>`);
  const headers = { 'x-oss-server-side-encryption': 'KMS', 'x-oss-server-side-data-encryption': 'SM4' };
  await send(cloud, { method: 'PUT', bucket: 'vault', key: '', headers, body });
  expect((await cloud.client.getBucketInfo('vault')).bucket).toMatchObject({
    StorageClass: 'IA',
    DataRedundancyType: 'ZRS',
    ServerSideEncryptionRule: { SSEAlgorithm: 'KMS', KMSDataEncryption: 'SM4' },
  });
  const put = { method: 'PUT', bucket: 'vault', key: 'a', headers: { 'content-length': '0' } };
  await send(cloud, put);
  expect((await send(cloud, { ...put, method: 'HEAD', headers: {} })).headers).toMatchObject({
    'x-oss-storage-class': 'IA',
    'x-oss-server-side-encryption': 'KMS',
  });
});

test("GetBucketInfo of what is not there [observed in an official SDK's tests]", async () => {
  expect(await failure(cloud.client.getBucketInfo('no-such-bucket'))).toMatchObject({
    status: 404,
    code: 'NoSuchBucket',
    ecCode: '0015-00000101',
  });
});
