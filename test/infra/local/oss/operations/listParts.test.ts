import { afterAll, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;
const { uploadId } = await client.initMultipartUpload('a');
for (const number of [10, 2, 1, 3]) {
  await client.uploadPart('a', uploadId, number, Buffer.from('hello'), 0, 5);
}

test('ListParts tells number, size, ETag and CRC by number [documented]', async () => {
  const { parts, isTruncated } = await client.listParts('a', uploadId);
  expect([parts.map(({ PartNumber }) => PartNumber), isTruncated]).toEqual([['1', '2', '3', '10'], 'false']);
  expect(parts[0]).toEqual({
    PartNumber: '1',
    Size: '5',
    ETag: '"5D41402ABC4B2A76B9719D911017C592"',
    HashCrc64ecma: '11177612005948864433',
    LastModified: expect.stringMatching(/\.000Z$/),
  });
});

test('ListParts in pages [documented]', async () => {
  const first = await client.listParts('a', uploadId, { 'max-parts': 2 });
  const second = await client.listParts('a', uploadId, { 'part-number-marker': first.nextPartNumberMarker });
  expect([first.isTruncated, first.nextPartNumberMarker]).toEqual(['true', '2']);
  expect(second.parts.map(({ PartNumber }) => PartNumber)).toEqual(['3', '10']);
});

test.each([{ 'max-parts': '0' }, { 'max-parts': '1001' }, { 'part-number-marker': 'x' }])(
  'ListParts refuses %j [documented]',
  async (query) => {
    expect(await failure(client.listParts('a', uploadId, query))).toMatchObject({ status: 400 });
  },
);

test("ListParts of what is not there [observed in an official SDK's tests]", async () => {
  const refused = await failure(client.listParts('a', '0'.repeat(32)));
  expect(refused).toMatchObject({ status: 404, code: 'NoSuchUpload' });
});
