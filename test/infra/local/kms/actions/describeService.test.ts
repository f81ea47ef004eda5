import { DescribeRegionsRequest, DescribeServiceRequest } from '@alicloud/kms20160120';
import { expect, test } from 'vitest';
import { runKms } from '../running-kms';

test('what the service offers, and where, asked for with a form body [documented]', async () => {
  const { client, close } = await runKms();
  const service = await client.describeService(new DescribeServiceRequest({}));
  const regions = await client.describeRegions(new DescribeRegionsRequest({}));
  await close();
  expect(service.protectionLevels.protectionLevel.map(({ type }) => type)).toEqual(['SOFTWARE', 'HSM']);
  expect(service.keySpecs.keySpec[0]).toMatchObject({
    name: 'Aliyun_AES_256',
    usages: { usage: ['ENCRYPT/DECRYPT'] },
  });
  expect(regions.regions.region.map(({ regionId }) => regionId)).toEqual(['cn-hangzhou']);
});
