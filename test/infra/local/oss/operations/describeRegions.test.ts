import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);

const regions = (region: string) =>
  send(cloud, { method: 'GET', bucket: '', key: '', query: { regions: region } });

test('DescribeRegions knows the region of this server only, at its own endpoint [assumed]', async () => {
  const { body } = await regions('');
  expect(elementOf(body, 'Region')).toBe('oss-cn-hangzhou');
  expect(elementOf(body, 'InternetEndpoint')).toContain(`:${cloud.oss.port}`);
});

test("DescribeRegions of a region that does not exist [observed in an official SDK's tests]", async () => {
  expect(await regions('aaa')).toMatchObject({ status: 404, code: 'NoSuchRegion' });
});
