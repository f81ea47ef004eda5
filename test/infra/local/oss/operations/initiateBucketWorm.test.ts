import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);

const call = (method: string, query: Record<string, string>, body = '') =>
  send(cloud, { method, key: '', query, body: Buffer.from(body) });
const days = (root: string, number: number | string) =>
  `<${root}><RetentionPeriodInDays>${number}</RetentionPeriodInDays></${root}>`;
const initiate = async () =>
  String((await call('POST', { worm: '' }, days('InitiateWormConfiguration', 1))).headers['x-oss-worm-id']);
const extend = (wormId: string, number: number) =>
  call('POST', { wormId, wormExtend: '' }, days('ExtendWormConfiguration', number));
const state = async () => elementOf((await call('GET', { worm: '' })).body, 'State');

test("a retention is initiated, and aborted while it is not locked [observed in an official SDK's tests]", async () => {
  const id = await initiate();
  const { body } = await call('GET', { worm: '' });
  expect([elementOf(body, 'WormId'), elementOf(body, 'State')]).toEqual([id, 'InProgress']);
  expect(await extend(id, 2)).toMatchObject({ status: 400, code: 'InvalidWORMConfiguration' });
  expect((await call('DELETE', { worm: '' })).status).toBe(204);
  expect(await call('POST', { wormId: id })).toMatchObject({ status: 404, code: 'NoSuchWORMConfiguration' });
});

test("a locked retention can be extended, not aborted [observed in an official SDK's tests]", async () => {
  const id = await initiate();
  expect((await call('POST', { wormId: id })).status).toBe(200);
  expect(await state()).toBe('Locked');
  expect((await extend(id, 2)).status).toBe(200);
  expect(elementOf((await call('GET', { worm: '' })).body, 'RetentionPeriodInDays')).toBe('2');
  expect(await call('DELETE', { worm: '' })).toMatchObject({ status: 403, code: 'WORMConfigurationLocked' });
});

test.each([
  [0, '0027-00000002'],
  [25_551, '0027-00000002'],
  [-32, '0027-00000002'],
  ['test', '0027-00000005'],
])('a retention of %s days is refused with %s [documented]', async (number, ec) => {
  const refused = await call('POST', { worm: '' }, days('InitiateWormConfiguration', number));
  expect([refused.status, refused.code, refused.headers['x-oss-ec']]).toEqual([400, 'InvalidArgument', ec]);
});
