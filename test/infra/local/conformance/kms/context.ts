import { DecryptRequest, GenerateDataKeyRequest } from '@alicloud/kms20160120';
import { describe, expect, test } from 'vitest';
import { refusal } from '../../kms/running-kms';
import { call, client, keyId, send } from './scratch';

const asParameter = (context?: string) => (context === undefined ? {} : { encryptionContext: context });
const generate = (context?: string) =>
  client.generateDataKey(new GenerateDataKeyRequest({ keyId, ...asParameter(context) }));
const decrypt = (ciphertextBlob: string, context?: string) =>
  client.decrypt(new DecryptRequest({ ciphertextBlob, ...asParameter(context) }));

describe('the encryption context', () => {
  test.each([
    ['{"a":"1"}', '{"a":"1"}'],
    ['{"a":"1","b":"2"}', '{ "b": "2", "a": "1" }'],
    ['{"k":"a b/ü~*\'() + %2B & ="}', '{"k":"a b/\\u00fc~*\'() + %2B & ="}'],
    ['{"k":"😀"}', '{"k":"\\ud83d\\ude00"}'],
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
    ['{"a":"bc"}', '{"ab":"c"}'],
  ])('%s does not open with %s [documented]', async (sealed, opened) => {
    const { ciphertextBlob } = await generate(sealed);
    await expect(decrypt(ciphertextBlob, opened)).rejects.toThrow();
  });

  // aliyun-oss-python-sdk 2.19.1, tests/test_crypto.py: its provider without a passphrase sends an empty text, each time.
  const ofOss2: [string, Record<string, string>][] = [
    ['GenerateDataKey', {}],
    ['Encrypt', { Plaintext: 'bm9uY2U=' }],
  ];
  test.each(ofOss2)(
    "an empty text opens what %s made with one [observed in an official SDK's tests]",
    async (action, own) => {
      const made = await call(action, { KeyId: keyId, ...own, EncryptionContext: '' });
      const opened = await call('Decrypt', {
        CiphertextBlob: `${made.CiphertextBlob}`,
        EncryptionContext: '',
      });
      expect(opened.Plaintext).toBe(made.Plaintext ?? own.Plaintext);
    },
  );

  test.each([
    ['', undefined],
    [undefined, ''],
  ])('%j opens with %j, since an empty text is none [assumed]', async (sealed, opened) => {
    const { plaintext, ciphertextBlob } = await generate(sealed);
    expect((await decrypt(ciphertextBlob, opened)).plaintext).toBe(plaintext);
  });

  test('another one is refused in the words of a broken blob [assumed]', async () => {
    const { ciphertextBlob } = await generate('{"a":"1"}');
    expect(await refusal(decrypt(ciphertextBlob, '{"a":"2"}'))).toMatchObject({
      ...{ status: 400, code: 'InvalidParameter' },
      message: 'The specified parameter "CiphertextBlob" is not valid.',
    });
  });

  test('one entry does not pass for two [assumed]', async () => {
    const { ciphertextBlob } = await generate('{"bucket":"in","key":"x&z=1"}');
    await expect(decrypt(ciphertextBlob, '{"bucket":"in","key":"x","z":"1"}')).rejects.toThrow();
  });

  test('an entry in a parameter of its own is refused [assumed]', async () => {
    const dotted = { Action: 'GenerateDataKey', KeyId: keyId, 'EncryptionContext.a': '1' };
    expect(await send(dotted)).toMatchObject({ status: 400, Code: 'InvalidParameter' });
  });

  test.each(['[]', '"a"', '{"a":1}', '{"a":{"b":"c"}}', '{"a":"b"', `{"a":"${'x'.repeat(8192)}"}`])(
    '%.20s is not valid [documented]',
    async (context) => {
      expect(await refusal(generate(context))).toMatchObject({ status: 400, code: 'InvalidParameter' });
    },
  );

  test('ReEncrypt exchanges it [documented]', async () => {
    const { plaintext, ciphertextBlob } = await generate('{"a":"old"}');
    const { CiphertextBlob } = await call('ReEncrypt', {
      ...{ CiphertextBlob: ciphertextBlob, SourceEncryptionContext: '{"a":"old"}' },
      ...{ DestinationKeyId: keyId, DestinationEncryptionContext: '{"a":"new"}' },
    });
    expect((await decrypt(`${CiphertextBlob}`, '{"a":"new"}')).plaintext).toBe(plaintext);
    await expect(decrypt(`${CiphertextBlob}`, '{"a":"old"}')).rejects.toThrow();
  });

  test('ReEncrypt needs the old one [documented]', async () => {
    const { ciphertextBlob } = await generate('{"a":"old"}');
    const blind = call('ReEncrypt', { CiphertextBlob: ciphertextBlob, DestinationKeyId: keyId });
    await expect(blind).rejects.toThrow();
  });
});
