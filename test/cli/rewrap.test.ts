import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateKeyRequest,
  DisableKeyRequest,
  EnableKeyRequest,
  UpdateAliasRequest,
} from '@alicloud/kms20160120';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { planCopy, prepareWithHead } from '../../cli/cloud/copy-parts';
import { describeVersion } from '../../cli/cloud/described';
import { currentVersions } from '../../cli/cloud/histories';
import { type RewrapOptions, rewrap } from '../../cli/envelope/rewrap';
import { destinationOf } from '../../cli/envelope/wrapped-header';
import { createSession, type Session } from '../../cli/session/session';
import { kmsClient } from '../../functions/cloud/kms-client';
import { bucketOf } from '../../functions/cloud/oss-fault';
import { parseHeader } from '../../functions/envelope/header';
import { VAULT } from '../../infra/run/deployment';
import { localCloudOf } from '../../infra/run/running';
import {
  type Bench,
  deployBench,
  hold,
  opened,
  redeploy,
  unfinishedIn,
  upload,
  versionsOf,
} from '../deployment';
import { plant } from '../functions/encrypt/forged';
import { linesOf, localOptions, optionsAt, ossEnvelope } from './command';

const REWRAPPER = {
  accessKeyId: 'STS.rewrapper',
  accessKeySecret: 'of-the-rewrapper',
  securityToken: 'token',
};
/** A role for the policy that is attached to nobody. */
const ROLE = `
  TestRole:
    Type: ALIYUN::RAM::Role
    Properties:
      RoleName: rewrapper
      AssumeRolePolicyDocument:
        Version: '1'
        Statement:
          - { Effect: Allow, Action: sts:AssumeRole, Principal: { Service: [ecs.aliyuncs.com] } }
`;

let bench: Bench;
let session: Session;
let folder: string;
const key = { id: '', arn: '' };
/** Options of the command line: of the account's owner, and of whoever has the policy and nothing else. */
let asOwner: string[];
let asRewrapper: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oss-envelope-rewrap-'));
  const template = join(folder, 'template.yaml');
  const text = await readFile('infra/template.yaml', 'utf8');
  const attached = text.replace(/-rewrap\n/, '-rewrap\n      Roles: [rewrapper]\n');
  await writeFile(template, attached.replace('\nResources:\n', `\nResources:\n${ROLE}`));
  bench = await deployBench({ template, seed: { accessKeys: [{ ...REWRAPPER, role: 'rewrapper' }] } });
  const { keyMetadata } = await kms().createKey(new CreateKeyRequest({}));
  Object.assign(key, { id: keyMetadata.keyId, arn: keyMetadata.arn });
  const { KeyArns = '' } = await bench.cloud.attach({ ...bench.stack.parameters, OtherKeyId: key.id });
  await redeploy(bench, { env: { ENVELOPE_KMS_KEY_ARNS: KeyArns } });
  asOwner = await localOptions(bench);
  const rewrapper = { ...localCloudOf(bench.cloud, bench.fc), credentials: REWRAPPER };
  asRewrapper = await optionsAt(join(folder, 'rewrapper'), rewrapper);
  session = await createSession(options(), new AbortController().signal);
});
afterEach(() => {
  bench.fail.before = undefined;
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

const options = () => ({ local: true, data: bench.data, env: '/dev/null', color: false }) as const;
const kms = () => kmsClient(bench.owner, bench.cloud.kms.endpoint);

async function bytesOf(name: string, versionId?: string): Promise<Buffer> {
  const pinned = versionId === undefined ? {} : { subres: { versionId } };
  return Buffer.concat(await (await bench.vault.getStream(name, pinned)).stream.toArray());
}

/** The ARNs that the current envelope of a key names. */
async function keysOf(name: string): Promise<string[]> {
  return parseHeader(await bytesOf(name)).wrappedKeys.map(({ keyArn }) => keyArn);
}

/** Rewraps one key in this process. */
async function rewrapOne(name: string, options: Partial<RewrapOptions> = {}, by = session) {
  const to = await destinationOf(by, key.id);
  for await (const found of currentVersions(by, { bucket: VAULT, key: name })) {
    if (found.version.key === name) return rewrap(by, { bucket: VAULT, to, ...options }, found);
  }
  throw new Error(`nothing is under ${name}`);
}

/** How often each operation on the vault and of KMS was called. */
function countsSince(since: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { operation } of bench.calls.slice(since)) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

/** A session of whose first `times` PUT requests one bit arrives changed, and nothing is tried more than twice. */
function badWire(times: number): Session {
  let left = times;
  const wire = async (bucket: string) => {
    const client = await session.oss(bucket).client();
    const put = client.put.bind(client);
    client.put = (name, content, how) => put(name, left-- > 0 ? flipped(content) : content, how);
    return client;
  };
  const twice = session.retrying((action) => action().catch(() => action()));
  const oss = (bucket: string) => bucketOf(bucket, { client: () => wire(bucket), retry: twice.retry });
  return { ...twice, oss };
}

function flipped(content: Buffer): Buffer {
  const bytes = Buffer.from(content);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return bytes;
}

const WRITES = /^(Put|Delete|Copy|Upload|Initiate|Complete|Abort|Append|ReEncrypt|Post)/;

describe('envelopes of every size, with the policy and nothing else', () => {
  const contents: [string, Buffer][] = [
    ['all/empty', Buffer.alloc(0)],
    ['all/medium', randomBytes(300_000)],
    ['all/large 报告', randomBytes(1_600_000)],
  ];
  let forecast: Record<string, unknown>;

  beforeAll(async () => {
    for (const [name, content] of contents) await upload(bench, name, content);
  });

  test('a dry run counts and writes nothing', async () => {
    const since = bench.calls.length;
    const { code, stdout } = await ossEnvelope([
      ...asRewrapper,
      'rewrap',
      `oss://${VAULT}/all/`,
      '--to',
      key.arn,
      '--dry-run',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(Object.keys(countsSince(since)).filter((operation) => WRITES.test(operation))).toEqual([]);
    forecast = linesOf({ stdout }).at(-1) ?? {};
    expect(forecast).toMatchObject({ to: key.arn, counts: { due: 3 }, leastSeconds: 1 });
    expect(linesOf({ stdout })).toHaveLength(4);
  });

  test('are put there anew, as the dry run said; what is no envelope is named and left', async () => {
    await bench.vault.put('all/no envelope', Buffer.from('no envelope'), {});
    const [{ versionId = '' } = {}] = await versionsOf(bench.vault, 'all/medium');
    await bench.vault.copy('all/moved', 'all/medium', { versionId });
    const before = new Map<string, Buffer>();
    for (const [name] of contents) before.set(name, await bytesOf(name));
    const since = bench.calls.length;
    const ended = await ossEnvelope([...asRewrapper, 'rewrap', `oss://${VAULT}/all/`, '--to', key.id]);
    const counts = countsSince(since);
    expect(ended.code).toBe(3);
    const lines = ended.stdout.toString().trimEnd().split('\n');
    expect(lines.toSorted()).toEqual([
      expect.stringMatching(/^\d (rewrapped|failed), \d (rewrapped|failed); key /),
      expect.stringContaining(
        `oss://${VAULT}/all/moved: Cannot rewrap oss://${VAULT}/all/moved: it was sealed for oss://${VAULT}/all/medium`,
      ),
      expect.stringContaining(
        `oss://${VAULT}/all/no envelope: Cannot open oss://${VAULT}/all/no envelope: it does not begin like an envelope`,
      ),
      expect.stringMatching(/^rewrapped/),
      expect.stringMatching(/^rewrapped/),
      expect.stringMatching(/^rewrapped/),
    ]);
    expect(ended.stderr).toContain('Cannot rewrap all of');
    // Two headers that were refused, the page of the listing, the key, the deployment's own and the bucket.
    const others: Record<string, number> = {
      GetObject: 2,
      ListObjectVersions: 1,
      DescribeKey: 2,
      GetBucketVersioning: 1,
    };
    for (const [operation, times] of Object.entries(others))
      counts[operation] = (counts[operation] ?? 0) - times || 0;
    const made = Object.fromEntries(Object.entries(counts).filter(([, times]) => times > 0));
    expect(made).toEqual(forecast.calls);
    for (const [name, bytes] of before) {
      const after = await bytesOf(name);
      const { length } = parseHeader(bytes);
      expect(after.subarray(length).equals(bytes.subarray(length))).toBe(true);
      expect(await keysOf(name)).toEqual([key.arn]);
      expect(await versionsOf(bench.vault, name)).toHaveLength(2);
    }
    for (const name of ['all/no envelope', 'all/moved'])
      expect(await versionsOf(bench.vault, name)).toHaveLength(1);
  });

  test('open without the old key; a second run changes nothing', async () => {
    const { outputs } = bench.stack;
    const oldKey = outputs.KeyArn?.split('/').at(-1) ?? '';
    await kms().disableKey(new DisableKeyRequest({ keyId: oldKey }));
    for (const [name, content] of contents) expect((await opened(bench, name)).equals(content)).toBe(true);
    await kms().enableKey(new EnableKeyRequest({ keyId: oldKey }));
    const since = bench.calls.length;
    for (const [name] of contents) expect(await rewrapOne(name)).toEqual({ outcome: 'already' });
    expect(Object.keys(countsSince(since)).filter((operation) => WRITES.test(operation))).toEqual([]);
  });
});

describe('the newest upload ends on top', () => {
  const small = () => randomBytes(100);
  const large = () => randomBytes(1_200_000);

  test.each([
    ['PutObject', small],
    ['CompleteMultipartUpload', large],
  ])('where it is sealed while %s of the older one is held', async (operation, content) => {
    const [name, newer] = [`race/${operation}`, small()];
    await upload(bench, name, content());
    const held = hold(bench, (call) => call.operation === operation && call.bucket === VAULT);
    const rewrapped = rewrapOne(name);
    await held.reached;
    await upload(bench, name, newer);
    held.release();
    expect(await rewrapped).toMatchObject({ outcome: 'rewrapped' });
    expect((await opened(bench, name)).equals(newer)).toBe(true);
    // The two uploads, the older one anew, the newer one on top of that, and anew.
    expect(await versionsOf(bench.vault, name)).toHaveLength(5);
    expect(await keysOf(name)).toEqual([key.arn]);
  });

  test('where it is sealed before the older one would be stored: that is not stored at all', async () => {
    const newer = small();
    await upload(bench, 'race/parts', large());
    const held = hold(bench, ({ operation }) => operation === 'UploadPartCopy');
    const rewrapped = rewrapOne('race/parts');
    await held.reached;
    await upload(bench, 'race/parts', newer);
    held.release();
    expect(await rewrapped).toMatchObject({ outcome: 'rewrapped' });
    expect((await opened(bench, 'race/parts')).equals(newer)).toBe(true);
    expect(await versionsOf(bench.vault, 'race/parts')).toHaveLength(3);
    expect(await unfinishedIn(bench.vault)).toEqual([]);
  });

  test('where a run before has died and left an older one there, anew or not', async () => {
    await upload(bench, 'died', small());
    const [{ versionId = '' } = {}] = await versionsOf(bench.vault, 'died');
    await rewrapOne('died');
    const newer = small();
    await upload(bench, 'died', newer);
    for (const older of [versionId, undefined]) {
      const [, , , ...rewrapped] = (await versionsOf(bench.vault, 'died')).toReversed();
      await bench.vault.copy('died', 'died', { versionId: older ?? rewrapped[0]?.versionId ?? versionId });
      await rewrapOne('died');
      expect((await opened(bench, 'died')).equals(newer)).toBe(true);
    }
  });

  test('where somebody has planted one of the year 9999', async () => {
    const content = small();
    await upload(bench, 'planted', content);
    await plant(bench, 'planted', { sealedAt: '9999-12-31T23:59:59.999Z' });
    expect(await rewrapOne('planted')).toMatchObject({ outcome: 'rewrapped' });
    expect((await opened(bench, 'planted')).equals(content)).toBe(true);
    expect(await keysOf('planted')).toEqual([key.arn]);
  });

  test('a key that is deleted in the vault stays so, and is named where that came too late', async () => {
    await upload(bench, 'deleted', small());
    const held = hold(bench, ({ operation }) => operation === 'PutObject');
    const rewrapped = rewrapOne('deleted');
    await held.reached;
    await bench.vault.deleteMulti(['deleted'], { quiet: true });
    held.release();
    await expect(rewrapped).rejects.toMatchObject({ code: 'source-changed', todo: 'delete it again' });
    await bench.vault.deleteMulti(['deleted'], { quiet: true });
    await expect(rewrapOne('deleted')).rejects.toThrow('nothing is under deleted');
  });
});

describe('what is not proven', () => {
  test('does not stay on top: the new version cannot be looked at', async () => {
    const content = randomBytes(50);
    await upload(bench, 'unproven', content);
    const before = await bytesOf('unproven');
    let left = 2;
    bench.fail.before = ({ operation }) => {
      if (operation !== 'HeadObject' || --left !== 0) return undefined;
      return Promise.resolve({ error: { code: 'AccessDenied', status: 403 } });
    };
    await expect(rewrapOne('unproven')).rejects.toMatchObject({ code: 'oss-refused' });
    expect((await bytesOf('unproven')).equals(before)).toBe(true);
    expect(await versionsOf(bench.vault, 'unproven')).toHaveLength(3);
    expect((await opened(bench, 'unproven')).equals(content)).toBe(true);
  });

  test.each([
    ['once: it is put again', 1],
    ['always: the old version is on top again', 9],
  ])('where OSS stores other bytes, %s', async (name, times) => {
    await upload(bench, name, randomBytes(50));
    const before = await bytesOf(name);
    const by = badWire(times);
    if (times === 1) {
      expect(await rewrapOne(name, {}, by)).toMatchObject({ outcome: 'rewrapped' });
      expect(await keysOf(name)).toEqual([key.arn]);
    } else {
      await expect(rewrapOne(name, {}, by)).rejects.toMatchObject({ code: 'stored-differs' });
      expect((await bytesOf(name)).equals(before)).toBe(true);
    }
    expect(await versionsOf(bench.vault, name)).toHaveLength(times === 1 ? 3 : 4);
    expect((await opened(bench, name)).length).toBe(50);
  });

  test('a wrapped key that KMS does not unwrap is left alone', async () => {
    await upload(bench, 'wrong', randomBytes(50));
    bench.fail.before = ({ operation }) => {
      if (operation !== 'ReEncrypt') return undefined;
      return Promise.resolve({ error: { code: 'InvalidParameter', status: 400 } });
    };
    await expect(rewrapOne('wrong')).rejects.toMatchObject({ code: 'kms-refused' });
    expect(await versionsOf(bench.vault, 'wrong')).toHaveLength(1);
  });
});

test('with dropsOld exactly the version that was replaced is deleted; with opens KMS has opened the new one', async () => {
  await upload(bench, 'dropped', randomBytes(10));
  const content = randomBytes(40_000);
  await upload(bench, 'dropped', content);
  const [older] = (await versionsOf(bench.vault, 'dropped')).toReversed();
  const since = bench.calls.length;
  const done = await rewrapOne('dropped', { dropsOld: true, opens: true });
  // Before, whether it is under the key that it names, and after.
  expect(countsSince(since).Decrypt).toBe(2);
  expect(done).toMatchObject({ outcome: 'rewrapped', isDropped: true });
  const versionIds = (await versionsOf(bench.vault, 'dropped')).map(({ versionId }) => versionId);
  expect(versionIds).toEqual([(done as { versionId: string }).versionId, older?.versionId]);
  expect((await opened(bench, 'dropped')).equals(content)).toBe(true);
});

test('only envelopes under --from are rewrapped', async () => {
  await upload(bench, 'from', randomBytes(10));
  expect(await rewrapOne('from', { from: key.arn })).toEqual({ outcome: 'other-key' });
  const [own = ''] = await keysOf('from');
  expect(await rewrapOne('from', { from: own })).toMatchObject({ outcome: 'rewrapped', from: own });
  expect(await rewrapOne('from', { from: own })).toEqual({ outcome: 'already' });
});

test('once the alias has moved, the key before it is known from the decrypt function, with the policy', async () => {
  await upload(bench, 'before', randomBytes(10));
  const aliasName = 'alias/oss-envelope';
  await kms().updateAlias(new UpdateAliasRequest({ aliasName, keyId: key.id }));
  const argv = ['--json', 'rewrap', `oss://${VAULT}/before`, '--to', aliasName, '--dry-run'];
  const ended = await ossEnvelope([...asRewrapper, ...argv]);
  const [, oldId = ''] = bench.stack.outputs.KeyArn?.split('/') ?? [];
  await kms().updateAlias(new UpdateAliasRequest({ aliasName, keyId: oldId }));
  expect([ended.stderr, linesOf(ended)[0]]).toEqual(['', { key: 'before', outcome: 'due' }]);
});

test('a large body is copied in many parts', async () => {
  const content = randomBytes(1_300_000);
  await upload(bench, 'parts', content);
  const before = await bytesOf('parts');
  const [{ versionId = '' } = {}] = await versionsOf(bench.vault, 'parts');
  const { checksum, ...described } = await describeVersion(
    session,
    { bucket: VAULT, key: 'parts' },
    versionId,
  );
  const head = Buffer.concat([before.subarray(0, 4000), Buffer.alloc(96, 'x')]);
  const object = {
    bucket: VAULT,
    key: 'parts',
    versionId,
    size: before.length,
    head,
    checksum,
    ...described,
  };
  async function* read({ from, to }: { from: number; to: number }) {
    yield before.subarray(from, to);
  }
  const since = bench.calls.length;
  const { finish } = await prepareWithHead(session, { ...object, read }, 300_000);
  expect(countsSince(since).UploadPartCopy).toBe(5);
  expect((await bytesOf('parts')).equals(before)).toBe(true);
  await finish();
  expect((await bytesOf('parts')).equals(Buffer.concat([head, before.subarray(4096)]))).toBe(true);
  const impatient = session.retrying((action) => action());
  const spoilt = await prepareWithHead(impatient, { ...object, checksum: checksum ^ 1n, read });
  await expect(spoilt.finish()).rejects.toMatchObject({ code: 'stored-differs' });
});

describe('killed while it copies', () => {
  test.each([
    ['SIGINT', 130, []],
    ['SIGKILL', null, ['killed/SIGKILL']],
  ] as const)('by %s, the old version stays current', async (signal, code, unfinished) => {
    const [name, content] = [`killed/${signal}`, randomBytes(1_100_000)];
    await upload(bench, name, content);
    const held = hold(bench, ({ operation }) => operation === 'UploadPartCopy');
    let child: ChildProcess | undefined;
    const ended = ossEnvelope([...asOwner, 'rewrap', `oss://${VAULT}/${name}`, '--to', key.id], {
      onStart: (started) => {
        child = started;
      },
    });
    await held.reached;
    child?.kill(signal);
    const { stderr, ...end } = await ended;
    held.release();
    expect(end.code).toBe(code);
    if (signal === 'SIGINT')
      expect(stderr).toContain(`left as it was: oss://${VAULT}/${name}, under the key that it had`);
    expect(await unfinishedIn(bench.vault)).toEqual(unfinished);
    expect(await versionsOf(bench.vault, name)).toHaveLength(1);
    expect((await opened(bench, name)).equals(content)).toBe(true);
  });
});

test('a key that cannot wrap is named before anything is looked at', async () => {
  const { keyMetadata } = await kms().createKey(new CreateKeyRequest({}));
  await kms().disableKey(new DisableKeyRequest({ keyId: keyMetadata.keyId }));
  await expect(destinationOf(session, keyMetadata.keyId)).rejects.toMatchObject({
    code: 'kms-refused',
    message: expect.stringContaining('the key is Disabled'),
  });
});

test('parts begin with the shortest that OSS takes, cover all, and are never too many or too large', () => {
  const sizes = fc.oneof(
    fc.integer({ min: 4168, max: 3_000_000 }),
    fc.integer({ min: 4168, max: 48_850_000_000_000 }),
  );
  fc.assert(
    fc.property(sizes, fc.constantFrom(102_400, 1_073_741_824), (size, most) => {
      fc.pre(size / most < 9000 || most > 102_400);
      const parts = planCopy(size, most);
      expect(parts.at(0)?.from).toBe(0);
      expect(parts.at(-1)?.to).toBe(size);
      expect(parts.length).toBeLessThanOrEqual(10_000);
      for (const [index, { from, to }] of parts.entries()) {
        if (from !== (parts[index - 1]?.to ?? 0) || to - from > 5_000_000_000)
          throw new Error(`part ${index}`);
        if (index < parts.length - 1 && to - from < 102_400) throw new Error(`part ${index}`);
      }
    }),
    { numRuns: 30 },
  );
});
