import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';

const cloud = await startCloud();
afterAll(cloud.close);

test("GetBucketVersioning has no status when it was never set [observed in an official SDK's tests]", async () => {
  expect((await cloud.client.getBucketVersioning('inbox')).versionStatus).toBeUndefined();
});
