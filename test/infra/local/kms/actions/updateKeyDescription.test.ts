import { CreateKeyRequest, DescribeKeyRequest, UpdateKeyDescriptionRequest } from '@alicloud/kms20160120';
import { expect, test } from 'vitest';
import { runKms } from '../running-kms';

test('a description is replaced, and removed [documented]', async () => {
  const { client, call, close } = await runKms();
  const { keyId } = (await client.createKey(new CreateKeyRequest({ description: 'old' }))).keyMetadata;
  const description = async () =>
    (await client.describeKey(new DescribeKeyRequest({ keyId }))).keyMetadata.description;
  await client.updateKeyDescription(new UpdateKeyDescriptionRequest({ keyId, description: 'neu ü 😀' }));
  expect(await description()).toBe('neu ü 😀');
  await call({ Action: 'UpdateKeyDescription', KeyId: keyId, Description: '' });
  expect(await description()).toBe('');
  const { body } = await call({ Action: 'UpdateKeyDescription', KeyId: keyId });
  expect(body.Code).toBe('MissingParameter');
  await close();
});
