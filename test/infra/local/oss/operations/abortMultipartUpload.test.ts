import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;

test('AbortMultipartUpload leaves nothing of the upload [documented]', async () => {
  const { uploadId } = await client.initMultipartUpload('a');
  await client.uploadPart('a', uploadId, 1, Buffer.from('hello'), 0, 5);
  expect((await client.abortMultipartUpload('a', uploadId)).res.status).toBe(204);
  for (const folder of ['blobs', 'parts', 'uploads', 'versions']) {
    expect(await readdir(join(cloud.data, 'inbox', folder))).toEqual([]);
  }
});

test("AbortMultipartUpload of what is not there [observed in an official SDK's tests]", async () => {
  const refused = { status: 404, code: 'NoSuchUpload', ecCode: '0042-00000002' };
  expect(await failure(client.abortMultipartUpload('a', '0'.repeat(32)))).toMatchObject(refused);
});
