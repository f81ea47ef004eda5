import { describe, expect, test } from 'vitest';
import { failure } from '../../oss/client';
import { at, plain, versioned } from './scratch';

const { client } = plain;
const body = Buffer.from('hello');
const forbid = (value = 'true') => ({ headers: { 'x-oss-forbid-overwrite': value } });
const refusal = { status: 409, code: 'FileAlreadyExists' };

describe('x-oss-forbid-overwrite', () => {
  test('keeps the first object [documented]', async () => {
    await client.put(at('once'), body, forbid());
    const refused = await failure(client.put(at('once'), Buffer.from('other'), forbid()));
    expect(refused).toMatchObject({ ...refusal, ecCode: '0026-00000002' });
    expect((await client.get(at('once'))).content.toString()).toBe('hello');
  });

  test('lets one of several at a time win [assumed]', async () => {
    const bodies = ['one', 'two', 'three', 'four'];
    const puts = bodies.map((text) => client.put(at('race'), Buffer.from(text), forbid()));
    const ends = await Promise.allSettled(puts);
    const winners = bodies.filter((_, index) => ends[index]?.status === 'fulfilled');
    expect(winners).toEqual([(await client.get(at('race'))).content.toString()]);
  });

  test('false allows [documented]', async () => {
    await client.put(at('again'), body);
    expect((await client.put(at('again'), body, forbid('false'))).res.status).toBe(200);
  });

  test('another word is refused [documented]', async () => {
    const refused = await failure(client.put(at('again'), body, forbid('yes')));
    expect(refused).toMatchObject({ status: 400, code: 'InvalidArgument', ecCode: '0017-00000279' });
  });

  test('holds for a copy [documented]', async () => {
    await client.put(at('source'), body);
    await client.put(at('taken'), body);
    const copy = plain.send({
      ...{ method: 'PUT', key: at('taken') },
      headers: { ...forbid().headers, 'x-oss-copy-source': `/${plain.bucket}/${at('source')}` },
    });
    expect(await copy).toMatchObject(refusal);
  });

  test('holds at the begin and at the end of a multipart upload [documented]', async () => {
    const { uploadId } = await client.initMultipartUpload(at('late'), forbid());
    const part = await client.uploadPart(at('late'), uploadId, 1, body, 0, body.length);
    await client.put(at('late'), body);
    expect(await failure(client.initMultipartUpload(at('late'), forbid()))).toMatchObject(refusal);
    const parts = [{ number: 1, etag: part.etag }];
    const late = client.completeMultipartUpload(at('late'), uploadId, parts, forbid());
    expect(await failure(late)).toMatchObject(refusal);
  });

  test("has no effect in a versioned bucket [observed in an official SDK's tests]", async () => {
    await versioned.client.put(at('once'), body);
    expect((await versioned.client.put(at('once'), body, forbid())).res.status).toBe(200);
  });
});
