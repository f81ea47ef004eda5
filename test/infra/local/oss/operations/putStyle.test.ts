import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);

const call = (method: string, query: Record<string, string>, content?: string) => {
  const body = Buffer.from(content === undefined ? '' : `<Style><Content>${content}</Content></Style>`);
  return send(cloud, { method, key: '', query: { style: '', ...query }, body });
};

test("PutStyle, GetStyle, ListStyle, DeleteStyle [observed in an official SDK's tests]", async () => {
  for (const styleName of ['b', 'a']) await call('PUT', { styleName }, 'image/resize,w_200');
  expect(elementOf((await call('GET', { styleName: 'a' })).body, 'Content')).toBe('image/resize,w_200');
  expect((await call('GET', {})).body.match(/<Name>.<\/Name>/g)).toEqual([
    '<Name>b</Name>',
    '<Name>a</Name>',
  ]);
  expect((await call('DELETE', { styleName: 'a' })).status).toBe(204);
  expect(await call('GET', { styleName: 'a' })).toMatchObject({ status: 404, code: 'NoSuchStyle' });
});

test.each([
  ['a', '', 'InvalidArgument'],
  ['@%$', 'image/resize', 'InvalidArgument'],
  ['a', undefined, 'MalformedXML'],
])(
  "PutStyle refuses name=%s content=%s [observed in an official SDK's tests]",
  async (styleName, content, code) => {
    expect(await call('PUT', { styleName }, content)).toMatchObject({ status: 400, code });
  },
);
