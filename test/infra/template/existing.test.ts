import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readDeclared } from '../../../infra/declared/deployment';
import { TYPES } from '../../../infra/declared/resource-types';
import { readTemplate } from '../../../infra/declared/template';
import { acs3Headers } from '../../../infra/run/acs3';
import { deployLocally, type LocalDeployment } from '../../../infra/run/deployment';
import { newFolder } from '../local/new-folder';

const EVERYTHING = {
  alias: 'Alias',
  inbox: 'Inbox',
  vault: 'Vault',
  downloads: 'Downloads',
  'access-logs': 'AccessLogs',
  queue: 'DeadLetters',
  'log-project': 'LogProject',
  logstore: 'FunctionLogs',
};
const names = Object.keys(EVERYTHING);

describe('a stack makes what is missing', () => {
  const template = readFileSync('infra/template.yaml', 'utf8');
  const home = { accountId: '1234567890123456', region: 'cn-hangzhou', made: () => ({ KeyId: 'made' }) };
  const read = (parameters: Record<string, string>) => readTemplate(template, TYPES, { ...home, parameters });
  const all = [...read({}).resources.keys()];
  const without = (parameters: Record<string, string>) => {
    const { resources } = read(parameters);
    return all.filter((id) => !resources.has(id));
  };

  test.each([...Object.entries(EVERYTHING), ['inbox,access-logs', 'Inbox AccessLogs']])(
    '%s',
    (Existing, ids) => {
      expect(without({ Existing }).sort()).toEqual(ids.split(' ').sort());
    },
  );

  test('a key', () => {
    expect(without({ ExistingKeyId: 'mine' })).toEqual(['Key']);
  });

  test('and answers the same, whoever made it', () => {
    const parameters = { Existing: names.join(','), ExistingKeyId: 'made' };
    expect(read(parameters).outputs()).toEqual(read({}).outputs());
    for (const { properties } of read(parameters).resources.values()) expect(properties).toBeDefined();
  });

  const arn = (id: string) => `acs:kms:cn-hangzhou:1234567890123456:key/${id}`;
  test.each([
    [{}, arn('made')],
    [{ ExistingKeyId: 'mine' }, arn('mine')],
    [{ OtherKeyId: 'other' }, `${arn('made')},${arn('other')}`],
    [{ ExistingKeyId: 'mine', OtherKeyId: 'other' }, `${arn('mine')},${arn('other')}`],
  ])('with %j the functions are told of %s', (parameters, arns) => {
    expect(read(parameters).outputs().KeyArns).toBe(arns);
  });

  test.each([
    [{ Existing: 'inboxes' }, 'Parameters.Existing'],
    [{ Existing: 'inbox vault' }, 'Parameters.Existing'],
    [{ ExistingKeyId: arn('mine') }, 'Parameters.ExistingKeyId'],
    [{ ExistingKeyId: 'alias/mine' }, 'Parameters.ExistingKeyId'],
  ])('%j is refused', (parameters, where) => {
    expect(() => read(parameters)).toThrow(`${where} is not like`);
  });
});

describe('doctor compares what exists already with what the template would make', () => {
  const declared = (ENVELOPE_EXISTING: string) =>
    readDeclared('s.yaml', {
      ...{ accountId: '1234567890123456', region: 'cn-hangzhou' },
      env: { ENVELOPE_EXISTING, ENVELOPE_EXISTING_KEY_ID: 'mine' },
    });

  test('every bucket, and the key', async () => {
    const { buckets, key } = await declared(names.join(','));
    expect([...buckets.keys()].sort()).toEqual(['AccessLogs', 'Downloads', 'Inbox', 'Vault']);
    expect(key).toHaveProperty('KeySpec', 'Aliyun_AES_256');
  });

  test('a name that is none is told by its variable', async () => {
    await expect(declared('bucket')).rejects.toThrow(/^ENVELOPE_EXISTING is not like/);
  });
});

describe('over what an earlier stack left', () => {
  let local: LocalDeployment | undefined;
  afterEach(() => local?.close());

  async function deploy(data: string, variables: Record<string, string> = {}) {
    const made: string[] = [];
    local = await deployLocally({
      ...{ data, variables, sYaml: resolve('s.yaml'), runtime: resolve('dist/local/runtime.js') },
      hooks: {
        before: ({ operation }) => void (/^(Create|Put)(?!Object)/.test(operation) && made.push(operation)),
      },
    });
    return { ...local, made };
  }

  async function opened({ decryptUrl, owner }: LocalDeployment, key: string): Promise<Buffer> {
    const headers = acs3Headers('POST', decryptUrl, owner.credentials);
    const answer = await fetch(decryptUrl, { method: 'POST', headers, body: JSON.stringify({ key }) });
    const { url } = (await answer.json()) as { url: string };
    return Buffer.from(await (await fetch(url)).arrayBuffer());
  }

  test('a new one makes nothing, opens what was sealed before and seals on', async () => {
    const data = await newFolder();
    const content = randomBytes(100_000);
    const before = await deploy(data);
    await before.inbox.put('before', content, {});
    await before.cloud.idle();
    const { outputs } = before.stack;
    await before.close();
    // The stack was removed, or its creation failed: everything that holds data or keys is retained.
    await rm(join(data, 'ros', 'stack.json'));

    local = undefined;
    await expect(deploy(data)).rejects.toThrow('Cannot make the stack: Alias: CreateAlias: ');

    const { KeyId = '' } = outputs;
    const after = await deploy(data, {
      ENVELOPE_EXISTING: names.join(','),
      ENVELOPE_EXISTING_KEY_ID: KeyId,
    });
    expect(after.made).toEqual([]);
    expect(after.stack.outputs).toEqual(outputs);
    expect((await opened(after, 'before')).equals(content)).toBe(true);
    await after.inbox.put('after', content, {});
    await after.cloud.idle();
    expect((await opened(after, 'after')).equals(content)).toBe(true);
  });
});
