import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createAccessKeys } from '../../../../infra/local/ram/credentials';
import { newFolder } from '../new-folder';

const accountId = '1234567890123456';
const role = `acs:ram::${accountId}:role/fc-encrypt`;

async function open(data?: string, now = () => 0) {
  return createAccessKeys({ data: data ?? (await newFolder()), accountId, now });
}

test('the root key survives a restart, in a file for its owner only [assumed]', async () => {
  const data = await newFolder();
  const first = await open(data);
  const second = await open(data);
  expect(second.root).toEqual(first.root);
  expect(first.root.accessKeyId).toMatch(/^LTAI[A-Za-z0-9]{20}$/);
  expect(first.root.arn).toBe(`acs:ram::${accountId}:root`);
  expect((await stat(join(data, 'ram', 'root.json'))).mode & 0o777).toBe(0o600);
});

test("a role's credentials are STS credentials of 36 hours [documented]", async () => {
  const keys = await open(undefined, () => 1000);
  const credentials = keys.assumeRole(role);
  expect(credentials.accessKeyId).toMatch(/^STS\.[A-Za-z0-9]{25}$/);
  expect(credentials.expiration).toBe(1000 + 36 * 3_600_000);
  expect(credentials.securityToken).toMatch(/^CAIS/);
  expect(credentials.arn).toMatch(/^acs:sts::1234567890123456:assumed-role\/fc-encrypt\/fc-/);
  expect(keys.find(credentials.accessKeyId)).toBe(credentials);
});

test('expired credentials are found for an hour, then forgotten [assumed]', async () => {
  let time = 0;
  const keys = await open(undefined, () => time);
  const { accessKeyId, expiration = 0 } = keys.assumeRole(role);
  time = expiration + 1;
  keys.assumeRole(role);
  expect(keys.find(accessKeyId)).toBeDefined();
  time = expiration + 3_600_001;
  keys.assumeRole(role);
  expect(keys.find(accessKeyId)).toBeUndefined();
});

test.each(['fc-encrypt', 'acs:ram::9999999999999999:role/fc-encrypt', `acs:ram::${accountId}:role/`])(
  'roleArn=%s cannot be assumed [assumed]',
  async (roleArn) => {
    const keys = await open();
    expect(() => keys.assumeRole(roleArn)).toThrow(`Cannot assume role ${roleArn}: `);
  },
);
