import {
  CreateKeyVersionRequest,
  DecryptRequest,
  DescribeKeyRequest,
  GenerateDataKeyRequest,
} from '@alicloud/kms20160120';
import { describe, expect, test } from 'vitest';
import type { KmsSeed, SeededKey } from '../../../../../infra/local/kms/keys/seed';
import { importMaterial } from '../imported-key';
import { type RunningKms, refusal, runKms } from '../running-kms';

const versionId = '11111111-1111-4111-8111-111111111111';
const secondId = '22222222-2222-4222-8222-222222222222';
const material = Buffer.alloc(32, 'seed').toString('base64');
const other = Buffer.alloc(32, 'other').toString('base64');
const key: SeededKey = {
  keyId: 'key-seeded',
  versions: [{ versionId, material }],
  description: 'from a file',
};
const seed: KmsSeed = { keys: [key], aliases: [{ aliasName: 'alias/seeded', keyId: 'key-seeded' }] };

const describeKey = async ({ client }: RunningKms, keyId: string) =>
  (await client.describeKey(new DescribeKeyRequest({ keyId }))).keyMetadata;
const generate = ({ client }: RunningKms, keyId: string) =>
  client.generateDataKey(new GenerateDataKeyRequest({ keyId, encryptionContext: '{"a":"b"}' }));
const open = async ({ client }: RunningKms, ciphertextBlob: string) =>
  (await client.decrypt(new DecryptRequest({ ciphertextBlob, encryptionContext: '{"a":"b"}' }))).plaintext;

test('what one machine wrapped opens on another with the same seed [assumed]', async () => {
  const [here, there] = [await runKms({ seed }), await runKms({ seed })];
  const { ciphertextBlob, plaintext } = await generate(here, 'alias/seeded');
  expect(await open(there, ciphertextBlob)).toBe(plaintext);
  expect(await describeKey(there, 'alias/seeded')).toMatchObject({
    keyId: 'key-seeded',
    description: 'from a file',
    keyState: 'Enabled',
    primaryKeyVersion: versionId,
  });
  await here.close();
  await there.close();
});

test('a blob of a machine that is gone opens: its bytes are fixed [assumed]', async () => {
  // Made once with this seed, by this layout.
  const ciphertextBlob =
    'MTExMTExMTEtMTExMS00MTExLTgxMTEtMTExMTExMTExMTExAAAAAAAAAAAAAAAATRPlmI7+Lun0fESvsmF1cHV55vJ3ow==';
  const kms = await runKms({ seed });
  const { plaintext } = await kms.client.decrypt(new DecryptRequest({ ciphertextBlob }));
  expect(plaintext).toBe('seeded');
  await kms.close();
});

test('what is there already is not overwritten [assumed]', async () => {
  const first = await runKms({ seed });
  const rotated = await first.client.createKeyVersion(new CreateKeyVersionRequest({ keyId: 'key-seeded' }));
  await first.call({ Action: 'DisableKey', KeyId: 'key-seeded' });
  await first.close();
  const again = await runKms({ data: first.data, seed });
  expect(await describeKey(again, 'key-seeded')).toMatchObject({
    keyState: 'Disabled',
    primaryKeyVersion: rotated.keyVersion.keyVersionId,
  });
  await again.close();
});

test('the primary version is the last one, or the one named [assumed]', async () => {
  const versions = [
    { versionId, material },
    { versionId: secondId, material: other },
  ];
  for (const [primary, expected] of [
    [{}, secondId],
    [{ primary: versionId }, versionId],
  ] as const) {
    const kms = await runKms({ seed: { keys: [{ ...key, versions, ...primary }] } });
    expect((await generate(kms, key.keyId)).keyVersionId).toBe(expected);
    await kms.close();
  }
});

test.each(['Disabled', 'PendingDeletion'])('a key may be %s from the start [assumed]', async (state) => {
  const kms = await runKms({ seed: { keys: [{ ...key, state }] } });
  expect((await refusal(generate(kms, key.keyId))).code).toBe(`Rejected.${state}`);
  await kms.close();
});

test('a key of outside has its material, or waits for exactly that [assumed]', async () => {
  const external = { ...key, origin: 'EXTERNAL' };
  const [there, waits] = [
    await runKms({ seed: { keys: [external] } }),
    await runKms({ seed: { keys: [{ ...external, state: 'PendingImport' }] } }),
  ];
  const { ciphertextBlob, plaintext } = await generate(there, key.keyId);
  expect((await refusal(open(waits, ciphertextBlob))).code).toBe('Rejected.PendingImport');
  await importMaterial(waits, { KeyId: key.keyId, material: Buffer.from(material, 'base64') });
  expect(await open(waits, ciphertextBlob)).toBe(plaintext);
  await there.close();
  await waits.close();
});

describe('a seed that cannot be used', () => {
  const version = { versionId, material };
  test.each<[KmsSeed, string]>([
    [{ keys: [{ ...key, keyId: '../root' }] }, '../root is not a key id: letters, digits and -, 64 at most'],
    [{ keys: [{ ...key, versions: [] }] }, 'key-seeded has no version'],
    [
      { keys: [{ ...key, versions: [{ ...version, versionId: 'V1' }] }] },
      'V1 is not a version id: a UUID in lower case',
    ],
    [
      { keys: [{ ...key, versions: [{ ...version, material: 'AAAA' }] }] },
      `the material of ${versionId} is not base64 of 32 bytes`,
    ],
    [{ keys: [{ ...key, versions: [version, version] }] }, `the versionId ${versionId} is there twice`],
    [
      { keys: [key, { ...key, versions: [{ ...version, versionId: secondId }] }] },
      'the keyId key-seeded is there twice',
    ],
    [
      { keys: [{ ...key, state: 'On' }] },
      'the state of key-seeded is On, not one of Enabled, Disabled, PendingDeletion, PendingImport',
    ],
    [
      { keys: [{ ...key, origin: 'Mars' }] },
      'the origin of key-seeded is Mars, not one of Aliyun_KMS, EXTERNAL',
    ],
    [
      { keys: [{ ...key, state: 'PendingImport' }] },
      'key-seeded is PendingImport, but its origin is not EXTERNAL',
    ],
    [
      { keys: [{ ...key, origin: 'EXTERNAL', versions: [version, { ...version, versionId: secondId }] }] },
      'key-seeded has more than one version, but its origin is EXTERNAL',
    ],
    [{ keys: [{ ...key, primary: secondId }] }, `the primary version ${secondId} is none of key-seeded`],
    [{ aliases: [{ aliasName: 'seeded', keyId: 'key-seeded' }] }, 'seeded is not an alias name'],
    [
      { aliases: [{ aliasName: 'alias/a', keyId: 'key-seeded' }] },
      'alias/a names the key key-seeded, which is not there',
    ],
  ])('%.70j is told why [assumed]', async (wrong, why) => {
    await expect(runKms({ seed: wrong })).rejects.toThrow(new Error(`Cannot use the KMS seed: ${why}`));
  });
});
