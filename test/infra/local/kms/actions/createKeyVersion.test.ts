import {
  CreateKeyRequest,
  CreateKeyVersionRequest,
  DecryptRequest,
  DescribeKeyRequest,
  DescribeKeyVersionRequest,
  GenerateDataKeyRequest,
  ListKeyVersionsRequest,
} from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningKms, refusal, runKms } from '../running-kms';

let kms: RunningKms;
beforeAll(async () => {
  kms = await runKms();
});
afterAll(() => kms.close());

const newKey = async () => (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata;
const rotate = async (keyId: string) =>
  (await kms.client.createKeyVersion(new CreateKeyVersionRequest({ keyId }))).keyVersion;
const list = (keyId: string, page: object = {}) =>
  kms.client.listKeyVersions(new ListKeyVersionsRequest({ keyId, ...page }));

test('the new version wraps, and the old one still opens [documented]', async () => {
  const { keyId } = await newKey();
  const old = await kms.client.generateDataKey(new GenerateDataKeyRequest({ keyId }));
  const { keyVersionId } = await rotate(keyId);
  expect((await kms.client.generateDataKey(new GenerateDataKeyRequest({ keyId }))).keyVersionId).toBe(
    keyVersionId,
  );
  const opened = await kms.client.decrypt(new DecryptRequest({ ciphertextBlob: old.ciphertextBlob }));
  expect(opened).toMatchObject({ plaintext: old.plaintext, keyVersionId: old.keyVersionId });
  const { keyMetadata } = await kms.client.describeKey(new DescribeKeyRequest({ keyId }));
  expect(keyMetadata.primaryKeyVersion).toBe(keyVersionId);
});

test('versions opened before a restart open after it [assumed]', async () => {
  const { keyId } = await newKey();
  const { ciphertextBlob, plaintext } = await kms.client.generateDataKey(
    new GenerateDataKeyRequest({ keyId }),
  );
  await rotate(keyId);
  const again = await runKms({ data: kms.data });
  const opened = await again.client.decrypt(new DecryptRequest({ ciphertextBlob }));
  await again.close();
  expect(opened.plaintext).toBe(plaintext);
});

test('versions are listed and described [documented]', async () => {
  const { keyId, primaryKeyVersion } = await newKey();
  const second = await rotate(keyId);
  const { keyVersions, totalCount } = await list(keyId);
  expect(keyVersions.keyVersion.map((version) => version.keyVersionId)).toEqual([
    second.keyVersionId,
    primaryKeyVersion,
  ]);
  expect(Number(totalCount)).toBe(2);
  const described = await kms.client.describeKeyVersion(
    new DescribeKeyVersionRequest({ keyId, keyVersionId: second.keyVersionId }),
  );
  expect(described.keyVersion).toMatchObject({ keyId, creationDate: second.creationDate });
});

test('of many rotations at once none is lost [assumed]', async () => {
  const { keyId } = await newKey();
  await Promise.all(Array.from({ length: 10 }, () => rotate(keyId)));
  expect(Number((await list(keyId)).totalCount)).toBe(11);
  const sizes = await Promise.all(
    [1, 2, 3].map(
      async (pageNumber) => (await list(keyId, { pageNumber, pageSize: 5 })).keyVersions.keyVersion.length,
    ),
  );
  expect(sizes).toEqual([5, 5, 1]);
});

test('a version of another key is a key version not found [documented]', async () => {
  const [one, other] = [await newKey(), await newKey()];
  const request = new DescribeKeyVersionRequest({ keyId: one.keyId, keyVersionId: other.primaryKeyVersion });
  expect(await refusal(kms.client.describeKeyVersion(request))).toMatchObject({
    code: 'Forbidden.KeyVersionNotFound',
    status: 404,
  });
});

test.each([{ pageSize: 102 }, { pageNumber: 0 }])('%j is not valid [documented]', async (page) => {
  expect((await refusal(list((await newKey()).keyId, page))).code).toBe('InvalidParameter');
});
