import { CreateKeyRequest, DecryptRequest, GenerateDataKeyRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningKms, refusal, runKms } from '../running-kms';

let kms: RunningKms;
let keyId: string;
beforeAll(async () => {
  kms = await runKms();
  keyId = (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata.keyId;
});
afterAll(() => kms.close());

const asParameter = (context?: string) => (context === undefined ? {} : { encryptionContext: context });
const generate = (context?: string) =>
  kms.client.generateDataKey(new GenerateDataKeyRequest({ keyId, ...asParameter(context) }));
const decrypt = (ciphertextBlob: string, context?: string) =>
  kms.client.decrypt(new DecryptRequest({ ciphertextBlob, ...asParameter(context) }));
const CANNOT_OPEN = {
  code: 'InvalidParameter',
  status: 400,
  message: 'The specified parameter "CiphertextBlob" is not valid.',
};

test('a data key comes back with its key and version [documented]', async () => {
  const { plaintext, keyVersionId, ciphertextBlob } = await generate();
  expect(await decrypt(ciphertextBlob)).toMatchObject({ plaintext, keyVersionId, keyId });
});

test('a data key opens after a restart [assumed]', async () => {
  const { plaintext, ciphertextBlob } = await generate('{"a":"b"}');
  const again = await runKms({ data: kms.data });
  const opened = await again.client.decrypt(
    new DecryptRequest({ ciphertextBlob, encryptionContext: '{"a":"b"}' }),
  );
  await again.close();
  expect(opened.plaintext).toBe(plaintext);
});

test.each([
  ['{"a":"1","b":"2"}', '{ "b": "2", "a": "1" }'],
  ['{}', undefined],
  [
    '{"k":"a b/ü~*\'().txt \\u0000 😀 + %2B & ="}',
    '{"k":"a b/ü~*\'().txt \\u0000 \\ud83d\\ude00 + %2B & ="}',
  ],
])('%s opens with the equal map %s [documented]', async (sealed, opened) => {
  const { plaintext, ciphertextBlob } = await generate(sealed);
  expect((await decrypt(ciphertextBlob, opened)).plaintext).toBe(plaintext);
});

test.each([
  ['{"a":"1"}', undefined],
  [undefined, '{"a":"1"}'],
  ['{"a":"1"}', '{"a":"2"}'],
  ['{"a":"1"}', '{"A":"1"}'],
  ['{"a":"1"}', '{"a":"1","b":"2"}'],
  ['{"bucket":"in","key":"x&z=1"}', '{"bucket":"in","key":"x","z":"1"}'],
  ['{"a":"bc"}', '{"ab":"c"}'],
])('%s does not open with %s [documented]', async (sealed, opened) => {
  const { ciphertextBlob } = await generate(sealed);
  expect(await refusal(decrypt(ciphertextBlob, opened))).toEqual(CANNOT_OPEN);
});

test('a blob with any one part changed is refused as a wrong context is [assumed]', async () => {
  const blob = Buffer.from((await generate()).ciphertextBlob, 'base64');
  for (const at of [36, 47, 48, 91, 92, 107]) {
    const changed = Buffer.from(blob);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(await refusal(decrypt(changed.toString('base64')))).toEqual(CANNOT_OPEN);
  }
});

test("what is not a blob is refused in the same words [observed in an official SDK's tests]", async () => {
  const { ciphertextBlob } = await generate();
  const blob = Buffer.from(ciphertextBlob, 'base64');
  const versionless = Buffer.concat([Buffer.alloc(36, 'x'), blob.subarray(36)]).toString('base64');
  const cut = blob.subarray(0, 60).toString('base64');
  for (const wrong of ['AAAA', '*', `${ciphertextBlob}AAAA`, `${ciphertextBlob}!`, versionless, cut]) {
    expect(await refusal(decrypt(wrong))).toEqual(CANNOT_OPEN);
  }
});

test('a key version of elsewhere is a key not found [documented]', async () => {
  const blob = Buffer.from((await generate()).ciphertextBlob, 'base64');
  blob.write('00000000-0000-4000-8000-000000000000');
  expect(await refusal(decrypt(blob.toString('base64')))).toMatchObject({
    code: 'Forbidden.KeyNotFound',
    status: 404,
  });
});

test.each([
  'null',
  '[]',
  '"a"',
  '{"a":1}',
  '{"a":{"b":"c"}}',
  '{"a":"b"',
  `{"a":"${'x'.repeat(8192)}"}`,
  '{"a":"\\ud800"}',
])('EncryptionContext=%.20s is not valid [documented]', async (context) => {
  const { ciphertextBlob } = await generate();
  const { code, message } = await refusal(decrypt(ciphertextBlob, context));
  expect(code).toBe('InvalidParameter');
  expect(message).toMatch(/^The specified parameter "EncryptionContext" is not valid\./);
});

test('a context of 8192 characters, all escaped in the URL, is taken [documented]', async () => {
  const context = `{"a":"${'é'.repeat(8184)}"}`;
  const { plaintext, ciphertextBlob } = await generate(context);
  expect((await decrypt(ciphertextBlob, context)).plaintext).toBe(plaintext);
});
