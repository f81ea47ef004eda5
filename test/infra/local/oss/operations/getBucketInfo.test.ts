import { afterAll, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';

const cloud = await startCloud();
afterAll(cloud.close);

test("GetBucketInfo tells this server as endpoint, so that clients come back [observed in an official SDK's tests]", async () => {
  const host = `localhost:${cloud.oss.port}`;
  expect((await cloud.client.getBucketInfo('inbox')).bucket).toMatchObject({
    ...{ Name: 'inbox', Location: 'oss-cn-hangzhou', ExtranetEndpoint: host, IntranetEndpoint: host },
  });
});

test("GetBucketInfo of what is not there [observed in an official SDK's tests]", async () => {
  expect(await failure(cloud.client.getBucketInfo('no-such-bucket'))).toMatchObject({
    ...{ status: 404, code: 'NoSuchBucket', ecCode: '0015-00000101' },
  });
});
