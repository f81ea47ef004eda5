import { beforeAll, describe, expect, test } from 'vitest';
import { at, plain } from './scratch';

const key = at('range');
const { client, send } = plain;
beforeAll(async () => {
  await client.put(key, Buffer.from('0123456789'));
});

const whole = [200, '0123456789', undefined];

async function get(range: string, more: Record<string, string> = {}) {
  const { status, body, headers, code } = await send({ method: 'GET', key, headers: { range, ...more } });
  return { answer: [status, body, headers['content-range']], headers, code };
}

describe('a range', () => {
  test.each([
    ['bytes=0-3', '0123', '0-3'],
    ['bytes=0-0', '0', '0-0'],
    ['bytes=4-', '456789', '4-9'],
    ['bytes=-3', '789', '7-9'],
    ['bytes=0-9', '0123456789', '0-9'],
  ])('%s [documented]', async (range, body, sent) => {
    expect((await get(range)).answer).toEqual([206, body, `bytes ${sent}/10`]);
  });

  test.each([
    'bytes=5-10',
    'bytes=10-20',
    'bytes=10-',
    'bytes=-11',
    'bytes=3-1',
    'bytes=a-b',
    'bytes 0-3',
    'lines=0-3',
  ])('%s does not fit and is ignored [documented]', async (range) => {
    expect((await get(range)).answer).toEqual(whole);
  });

  test('the ETag and CRC-64 of a part are those of the whole [assumed]', async () => {
    const [part, all] = [await get('bytes=0-3'), await get('none')];
    for (const name of ['etag', 'x-oss-hash-crc64ecma']) expect(part.headers[name]).toBe(all.headers[name]);
  });
});

describe('a range of standard behaviour', () => {
  const standard = { 'x-oss-range-behavior': 'standard' };

  test.each([
    ['bytes=0-3', '0123', '0-3'],
    ['bytes=5-20', '56789', '5-9'],
    ['bytes=-20', '0123456789', '0-9'],
  ])('%s is clipped [documented]', async (range, body, sent) => {
    expect((await get(range, standard)).answer).toEqual([206, body, `bytes ${sent}/10`]);
  });

  test.each(['bytes=10-20', 'bytes=10-'])('%s is 416 [documented]', async (range) => {
    const { answer, code } = await get(range, standard);
    expect([answer[0], code]).toEqual([416, 'InvalidRange']);
  });
});
