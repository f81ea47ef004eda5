import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);

test('ListLiveChannel is an empty list: none can be made here [assumed]', async () => {
  const { status, body } = await send(cloud, { method: 'GET', key: '', query: { live: '' } });
  expect([status, elementOf(body, 'IsTruncated')]).toEqual([200, 'false']);
  expect(body).not.toContain('<LiveChannel>');
});
