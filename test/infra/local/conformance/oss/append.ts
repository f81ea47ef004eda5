import { describe, expect, test } from 'vitest';
import { failure } from '../../oss/client';
import { at, plain } from './scratch';

const { client } = plain;
const half = Buffer.from('12345');

describe('AppendObject', () => {
  test('goes on where it ended, CRC-64 is of the whole [documented]', async () => {
    const first = await client.append(at('log'), half);
    expect(first.nextAppendPosition).toBe('5');
    const second = await client.append(at('log'), Buffer.from('6789'), { position: 5 });
    expect(second.nextAppendPosition).toBe('9');
    expect(second.res.headers['x-oss-hash-crc64ecma']).toBe('11051210869376104954');
    expect((await client.get(at('log'))).content.toString()).toBe('123456789');
  });

  test("GET and HEAD tell the position [observed in an official SDK's tests]", async () => {
    await client.append(at('position'), half);
    for (const { res } of [await client.get(at('position')), await client.head(at('position'))]) {
      expect(res.headers).toMatchObject({
        ...{ 'x-oss-object-type': 'Appendable', 'x-oss-next-append-position': '5' },
      });
    }
  });

  test("elsewhere is 409 PositionNotEqualToLength [observed in an official SDK's tests]", async () => {
    await client.append(at('elsewhere'), half);
    const refused = await failure(client.append(at('elsewhere'), half, { position: 4 }));
    expect(refused).toMatchObject({
      ...{ status: 409, code: 'PositionNotEqualToLength', ecCode: '0026-00000016' },
    });
  });

  test('to an object of PutObject is 409 ObjectNotAppendable [documented]', async () => {
    await client.put(at('normal'), half);
    const refused = await failure(client.append(at('normal'), half, { position: 5 }));
    expect(refused).toMatchObject({ status: 409, code: 'ObjectNotAppendable' });
  });

  test('PutObject makes it a normal object again [documented]', async () => {
    await client.append(at('again'), half);
    await client.put(at('again'), half);
    expect((await client.head(at('again'))).res.headers['x-oss-object-type']).toBe('Normal');
  });
});
