import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';

const cloud = await startCloud();
afterAll(cloud.close);

test('GetBucketLocation [documented]', async () => {
  expect((await cloud.client.getBucketLocation('inbox')).location).toBe('oss-cn-hangzhou');
});
