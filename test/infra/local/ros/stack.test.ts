import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../../../../infra/local/cloud';
import type { Call } from '../../../../infra/local/gateway/hooks';
import { newFolder } from '../new-folder';

let cloud: Cloud | undefined;
afterEach(() => cloud?.close());

const key = { Type: 'ALIYUN::KMS::Key', Properties: { Description: 'k', DeletionProtection: true } };
const alias = {
  Type: 'ALIYUN::KMS::Alias',
  Properties: { AliasName: 'alias/k', KeyId: { 'Fn::GetAtt': ['Key', 'KeyId'] } },
};
const bucket = (properties = {}) => ({
  Type: 'ALIYUN::OSS::Bucket',
  Properties: { BucketName: 'my-bucket', ...properties },
});
const Outputs = { KeyId: { Value: { 'Fn::GetAtt': ['Key', 'KeyId'] } } };

async function open(data: string, Resources: object, more = {}) {
  await cloud?.close();
  const template = join(data, 'template.json');
  await writeFile(template, JSON.stringify({ ROSTemplateFormatVersion: '2015-09-01', Resources, ...more }));
  const calls: string[] = [];
  const before = ({ service, operation }: Call) => void calls.push(`${service} ${operation}`);
  cloud = await startCloud({ data, template, runtime: 'none', hooks: { before } });
  return { calls, make: cloud.attach };
}

describe('a stack [documented]', () => {
  test('is made in the order of what depends on what, whatever the order of the file', async () => {
    const data = await newFolder();
    const { calls, make } = await open(data, { Alias: alias, Key: key }, { Outputs });
    const { KeyId } = await make({});
    expect(KeyId).toMatch(/^[0-9a-f-]{36}$/);
    expect(calls).toEqual(['kms CreateKey', 'kms SetDeletionProtection', 'kms CreateAlias']);
  });

  test('that is there is left as it is, after a restart too', async () => {
    const data = await newFolder();
    const resources = { Key: key, Alias: alias, Bucket: bucket({ AccessControl: 'private' }) };
    const { make } = await open(data, resources, { Outputs });
    const outputs = await make({});
    const again = await open(data, resources, { Outputs });
    expect(await again.make({})).toEqual(outputs);
    expect(again.calls).toEqual([]);
  });

  test('is changed where its template was', async () => {
    const data = await newFolder();
    await (await open(data, { Bucket: bucket() })).make({});
    const { calls, make } = await open(data, {
      Bucket: bucket({ VersioningConfiguration: { Status: 'Enabled' } }),
    });
    await make({});
    expect(calls).toEqual(['oss PutBucket', 'oss PutBucketVersioning']);
  });

  test('an alias cannot be pointed elsewhere', async () => {
    const data = await newFolder();
    await (await open(data, { Key: key, Alias: alias })).make({});
    const moved = { ...alias, Properties: { ...alias.Properties, KeyId: 'another' } };
    const { make } = await open(data, { Key: key, Alias: moved });
    await expect(make({})).rejects.toThrow(
      'Alias: Resources.Alias.Properties: an ALIYUN::KMS::Alias cannot be updated',
    );
  });
});

describe('what ROS asks for and the service refuses is said by the name of the resource [assumed]', () => {
  test.each<[what: string, resources: object, message: string]>([
    [
      'a bucket',
      { B: bucket({ LoggingConfiguration: { TargetBucket: 'nowhere' } }) },
      'B: PUT my-bucket?logging: InvalidTargetBucketForLogging',
    ],
    [
      'a key',
      {
        K: {
          Type: 'ALIYUN::KMS::Key',
          Properties: { RotationInterval: '1d', EnableAutomaticRotation: true },
        },
      },
      'K: CreateKey: ',
    ],
    ['a property', { B: bucket({ Worm: 1 }) }, 'Worm is not a field that is known here'],
    [
      'a circle',
      { A: { ...key, DependsOn: 'B' }, B: { ...key, DependsOn: 'A' } },
      'Resources depend on each other: A -> B -> A',
    ],
  ])('%s', async (_, resources, message) => {
    const { make } = await open(await newFolder(), resources);
    await expect(make({})).rejects.toThrow(message);
  });
});
