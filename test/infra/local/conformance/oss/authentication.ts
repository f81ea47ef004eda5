import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { failure } from '../../oss/client';
import { send } from './raw';
import { at, clientOf, plain } from './scratch';

const key = at('private');
const stranger = { accessKeyId: 'LTAI0000strangerstranger', accessKeySecret: 'a-secret-that-opens-nothing' };
beforeAll(async () => {
  await plain.client.put(key, Buffer.from('hello'));
});
afterEach(() => {
  vi.useRealTimers();
});

/** Signs and sends while the client's clock is wrong. */
function getAt(time: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: time });
  const answer = plain.send({ method: 'GET', key });
  vi.useRealTimers();
  return answer;
}

describe('who is let in', () => {
  test('another secret is not [documented]', async () => {
    const thief = clientOf(plain.bucket, { credentials: { accessKeySecret: 'guessed' } });
    expect(await failure(thief.get(key))).toMatchObject({
      ...{ status: 403, code: 'SignatureDoesNotMatch', ecCode: '0002-00000040' },
    });
  });

  test("an unknown access key is not [observed in an official SDK's tests]", async () => {
    expect(await failure(clientOf(plain.bucket, { credentials: stranger }).get(key))).toMatchObject({
      ...{ status: 403, code: 'InvalidAccessKeyId', ecCode: '0002-00000902' },
      message: 'The OSS Access Key Id you provided does not exist in our records.',
    });
  });

  test("a missing bucket is told even to them [observed in an official SDK's tests]", async () => {
    const nowhere = `scratch-no-such-${randomBytes(8).toString('hex')}`;
    expect(await failure(clientOf(nowhere, { credentials: stranger }).get(key))).toMatchObject({
      ...{ status: 404, code: 'NoSuchBucket', ecCode: '0015-00000101' },
    });
  });

  test('nobody is not [documented]', async () => {
    expect(await send(plain.way, { method: 'GET', key })).toMatchObject({
      status: 403,
      code: 'AccessDenied',
    });
  });

  test("another region's signature is not [observed in an official SDK's tests]", async () => {
    const elsewhere = clientOf(plain.bucket, { region: 'xx-nowhere' });
    expect(await failure(elsewhere.get(key))).toMatchObject({
      ...{ status: 400, code: 'InvalidArgument', ecCode: '0002-00000226' },
    });
  });

  test.each([-20, 20])('a clock that is %i minutes off is not [documented]', async (minutes) => {
    const answer = await getAt(Date.now() + minutes * 60_000);
    expect(answer).toMatchObject({ status: 403, code: 'RequestTimeTooSkewed' });
  });

  test.each([-10, 10])('a clock that is %i minutes off is [documented]', async (minutes) => {
    expect(await getAt(Date.now() + minutes * 60_000)).toMatchObject({ status: 200, body: 'hello' });
  });
});
