import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateKeyRequest, DecryptRequest, GenerateDataKeyRequest } from '@alicloud/kms20160120';
import { expect, test } from 'vitest';
import { REJECTIONS } from '../../../../infra/local/kms/key-states';
import { refusal, runKms } from './running-kms';

test('what a state rejects is the documented table [documented]', () => {
  const cryptography = {
    Disabled: 'Rejected.Disabled',
    PendingDeletion: 'Rejected.PendingDeletion',
    PendingImport: 'Rejected.PendingImport',
  };
  expect(REJECTIONS).toEqual({
    CreateAlias: { PendingDeletion: 'Rejected.StateModifiedFailed' },
    Decrypt: cryptography,
    GenerateDataKey: cryptography,
  });
});

test.each(['Disabled', 'PendingDeletion', 'PendingImport'])(
  'a key that is %s wraps and unwraps nothing: 409 [documented]',
  async (state) => {
    const kms = await runKms();
    const { keyId } = (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata;
    const { ciphertextBlob } = await kms.client.generateDataKey(new GenerateDataKeyRequest({ keyId }));
    await kms.close();
    const file = join(kms.data, 'kms', 'keys', `${keyId}.json`);
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), state }));
    const { client, close } = await runKms({ data: kms.data });
    const rejected = { code: `Rejected.${state}`, status: 409 };
    expect(await refusal(client.generateDataKey(new GenerateDataKeyRequest({ keyId })))).toMatchObject(
      rejected,
    );
    expect(await refusal(client.decrypt(new DecryptRequest({ ciphertextBlob })))).toMatchObject(rejected);
    await close();
  },
);
