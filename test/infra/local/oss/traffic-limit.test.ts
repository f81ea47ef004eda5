import { afterAll, describe, expect, test } from 'vitest';
import { pacedBytes, trafficLimit } from '../../../../infra/local/oss/traffic-limit';
import { startCloud } from './cloud';
import { send } from './raw';

const cloud = await startCloud();
afterAll(cloud.close);
const name = 'x-oss-traffic-limit';

describe(name, () => {
  test.each(['819200', '838860800'])('%s bit/s is taken, in header and URL [documented]', async (limit) => {
    const put = { method: 'PUT', key: 'a', headers: { [name]: limit }, body: Buffer.from('hello') };
    const { status, headers } = await send(cloud, put);
    expect([status, headers['x-oss-qos-delay-time']]).toEqual([200, expect.stringMatching(/^\d+$/)]);
    expect((await send(cloud, { method: 'GET', key: 'a', query: { [name]: limit } })).body).toBe('hello');
  });

  test.each(['abc', '0', '819199', '838860801', '-1'])('%s is refused [documented]', async (limit) => {
    const answer = await send(cloud, { method: 'GET', key: 'a', headers: { [name]: limit } });
    expect([answer.status, answer.code, answer.headers['x-oss-ec']]).toEqual([
      400,
      'InvalidArgument',
      '0004-00000502',
    ]);
  });

  test('in header and URL at once it is refused [documented]', async () => {
    const both = { headers: { [name]: '819200' }, query: { [name]: '819200' } };
    const answer = await send(cloud, { method: 'GET', key: 'a', ...both });
    expect([answer.status, answer.headers['x-oss-ec']]).toEqual([400, '0004-00000501']);
  });

  test('is a number of bits, eight to a byte [documented]', () => {
    expect(trafficLimit({ headers: { [name]: '819200' }, query: new Map() })).toBe(102_400);
  });
});

test("the bytes take as long as the limit makes them [observed in an official SDK's tests]", async () => {
  const waits: number[] = [];
  async function* source() {
    yield Buffer.alloc(1_000_000);
    yield Buffer.alloc(24_000);
  }
  let size = 0;
  const bytes = pacedBytes(source(), 102_400, async (ms) => waits.push(ms));
  for await (const piece of bytes) size += piece.length;
  expect(size).toBe(1_024_000);
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(10_000);
});
