import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);

test('GetBucketStat counts objects of all versions, delete markers, uploads and parts [documented]', async () => {
  const { client } = cloud;
  await client.putBucketVersioning('inbox', 'Enabled');
  for (const key of ['a', 'a', 'b']) await client.put(key, Buffer.from('hello'));
  await client.put('cold', Buffer.from('hello'), { headers: { 'x-oss-storage-class': 'IA' } });
  await client.delete('b');
  const { uploadId } = await client.initMultipartUpload('c');
  await client.uploadPart('c', uploadId, 1, Buffer.from('hello'), 0, 5);
  const { body } = await send(cloud, { method: 'GET', key: '', query: { stat: '' } });
  const numbers = {
    Storage: 20,
    ObjectCount: 4,
    StandardStorage: 15,
    StandardObjectCount: 3,
    DeleteMarkerCount: 1,
    InfrequentAccessStorage: 65_536,
    InfrequentAccessRealStorage: 5,
    InfrequentAccessObjectCount: 1,
    MultipartUploadCount: 1,
    MultipartPartCount: 1,
    LiveChannelCount: 0,
    ArchiveObjectCount: 0,
  };
  const counted = Object.keys(numbers).map((name) => [name, Number(elementOf(body, name))]);
  expect(Object.fromEntries(counted)).toEqual(numbers);
});
