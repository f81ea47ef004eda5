import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failure } from './client';
import { type Cloud, startCloud } from './cloud';
import { beginRequest, type RawRequest, signedHeaders } from './raw';

/** Sends the beginning of a body, and hangs up once the server is at it. */
async function cutOff(cloud: Cloud, request: RawRequest): Promise<void> {
  const begun = beginRequest(cloud, request, signedHeaders(cloud.client, request)).on('error', () => {});
  const arrived = new Promise<void>((resolve) => {
    cloud.hooks.before = () => resolve();
  });
  begun.write(Buffer.alloc(300_000));
  await arrived;
  delete cloud.hooks.before;
  await new Promise((resolve) => begun.on('close', resolve).destroy());
}

/** Closes the server, which waits for what is under way, and tells what it has kept. */
async function kept(cloud: Cloud): Promise<string[]> {
  await cloud.oss.close();
  return readdir(join(cloud.data, 'inbox', 'blobs'));
}

const framings = [
  ['a Content-Length', { 'content-length': '1000000' }],
  ['chunks', { 'transfer-encoding': 'chunked' }],
] as const;

test.each(framings)(
  'a body announced by %s and cut off makes no object [documented]',
  async (_how, headers) => {
    const cloud = await startCloud();
    await cutOff(cloud, { method: 'PUT', key: 'cut', headers });
    expect(await kept(cloud)).toEqual([]);
    await cloud.restart();
    expect(await failure(cloud.client.head('cut'))).toMatchObject({ status: 404 });
    expect(cloud.events).toEqual([]);
    await cloud.close();
  },
);

test.each(framings)('a part announced by %s and cut off is no part [documented]', async (_how, headers) => {
  const cloud = await startCloud();
  const { uploadId } = await cloud.client.initMultipartUpload('cut');
  await cutOff(cloud, { method: 'PUT', key: 'cut', query: { partNumber: '1', uploadId }, headers });
  expect(await kept(cloud)).toEqual([]);
  await cloud.restart();
  expect((await cloud.client.listParts('cut', uploadId)).parts).toEqual([]);
  await cloud.close();
});

test('a download given up lets the bytes go when the object is deleted [assumed]', async () => {
  const cloud = await startCloud();
  await cloud.client.put('large', Buffer.alloc(20_000_000));
  const { stream } = await cloud.client.getStream('large');
  stream.on('error', () => {});
  stream.destroy();
  await cloud.client.delete('large');
  expect(await kept(cloud)).toEqual([]);
  await cloud.restart();
  await cloud.close();
});
