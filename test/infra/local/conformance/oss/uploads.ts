import { describe, expect, test } from 'vitest';
import { failure } from '../../oss/client';
import { elementOf } from '../../oss/raw';
import { begin } from './begin-upload';
import { at, plain } from './scratch';

const { client, send } = plain;
const last = Buffer.from('the end');
const unknown = '0123456789ABCDEF0123456789ABCDEF';
const noSuchUpload = { status: 404, code: 'NoSuchUpload' };

describe('an upload id', () => {
  test('ends with the upload [documented]', async () => {
    const completed = await begin('completed');
    const part = await completed.upload(1, last);
    await completed.complete([part]);
    expect(await failure(completed.complete([part]))).toMatchObject(noSuchUpload);
    const aborted = await begin('aborted');
    expect((await client.abortMultipartUpload(aborted.key, aborted.uploadId)).res.status).toBe(204);
    expect(await failure(aborted.upload(1, last))).toMatchObject(noSuchUpload);
  });

  test("unknown is refused with an EC of each call [observed in an official SDK's tests]", async () => {
    const key = at('unknown');
    const upload = client.uploadPart(key, unknown, 1, last, 0, last.length);
    expect(await failure(upload)).toMatchObject({ ...noSuchUpload, ecCode: '0042-00000104' });
    const abort = client.abortMultipartUpload(key, unknown);
    expect(await failure(abort)).toMatchObject({ ...noSuchUpload, ecCode: '0042-00000002' });
  });

  test.each(['0', '10001', 'one'])('takes no part number %s [documented]', async (partNumber) => {
    const { key, uploadId } = await begin('part-number');
    const refused = await send({ method: 'PUT', key, query: { uploadId, partNumber }, body: last });
    expect(refused).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  test('lists its parts in order and in pages [documented]', async () => {
    const { key, uploadId, upload } = await begin('list-parts');
    for (const number of [20, 3, 1]) await upload(number, last);
    const list = (marker: string) =>
      send({ method: 'GET', key, query: { uploadId, 'max-parts': '2', 'part-number-marker': marker } });
    const first = await list('0');
    expect(elementOf(first.body, 'IsTruncated')).toBe('true');
    expect([...first.body.matchAll(/<PartNumber>(\d+)</g)].map(([, number]) => number)).toEqual(['1', '3']);
    const second = await list(elementOf(first.body, 'NextPartNumberMarker') ?? '');
    expect([...second.body.matchAll(/<PartNumber>(\d+)</g)].map(([, number]) => number)).toEqual(['20']);
  });

  test('is listed until then [documented]', async () => {
    const { key, uploadId } = await begin('listed-upload');
    const listed = async () =>
      (await client.listUploads({ prefix: key })).uploads.map((upload) => upload.uploadId);
    expect(await listed()).toEqual([uploadId]);
    await client.abortMultipartUpload(key, uploadId);
    expect(await listed()).toEqual([]);
  });
});
