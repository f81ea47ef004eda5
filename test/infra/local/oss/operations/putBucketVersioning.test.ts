import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);

test.each(['Enabled', 'Suspended', 'Enabled'])('PutBucketVersioning %s [documented]', async (status) => {
  await cloud.client.putBucketVersioning('inbox', status);
  expect((await cloud.client.getBucketVersioning('inbox')).versionStatus).toBe(status);
});

test.each([
  '<VersioningConfiguration/>',
  '<VersioningConfiguration><Status>Off</Status></VersioningConfiguration>',
  '',
])('PutBucketVersioning refuses %j [documented]', async (xml) => {
  const body = Buffer.from(xml);
  const refused = await send(cloud, { method: 'PUT', key: '', query: { versioning: '' }, body });
  expect(refused).toMatchObject({ status: 400, code: 'MalformedXML' });
});
