import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needsOf } from '../../../../infra/local/oss/admission/needed-actions';
import { routes } from '../../../../infra/local/oss/routes/routes';
import { type Oss, startOss } from '../../../../infra/local/oss/server';
import type { OssRequest } from '../../../../infra/local/oss/wire/request';
import { type Authorize, createAuthorize } from '../../../../infra/local/ram/authorize';
import { type AccessKeys, createAccessKeys } from '../../../../infra/local/ram/credentials';
import { readRoles } from '../../../../infra/local/ram/roles';
import { newFolder } from '../new-folder';
import { type Client, createClient, failure } from '../oss/client';
import { accountId, document, region, root, template } from './specimen';

let accessKeys: AccessKeys;
let oss: Oss;
let owner: Client;
let reader: Client;
let authorize: Authorize;
let asked: string[];

beforeAll(async () => {
  const data = await newFolder();
  accessKeys = await createAccessKeys({ data, accountId, now: Date.now });
  oss = await startOss({
    ...{ data: `${data}/oss`, accessKeys, accountId, region, now: Date.now, blockPublicAccess: false },
    authorize(request) {
      if (request.principal !== root) asked.push(`${request.action} ${request.resource.split(':')[4]}`);
      return authorize(request);
    },
  });
  asked = [];
  allow();
  owner = createClient({ endpoint: oss.endpoint, bucket: 'bucket', credentials: accessKeys.root });
  const credentials = accessKeys.assumeRole(`acs:ram::${accountId}:role/reader`);
  reader = createClient({ endpoint: oss.endpoint, bucket: 'bucket', credentials });
  await owner.putBucket('bucket');
  await owner.putBucketVersioning('bucket', 'Enabled');
});
afterAll(() => oss.close());

/** Attaches one policy of these statements to the role. */
function allow(...statements: Record<string, unknown>[]): void {
  const roles = readRoles(template(document(...statements)), { accountId, region });
  authorize = createAuthorize(roles, accountId);
}

async function put(key: string): Promise<string> {
  return (await owner.put(key, Buffer.from(key))).res.headers['x-oss-version-id'] ?? '';
}

/** What a call of the role asks for, whether it then succeeds or not. */
async function askedBy(call: () => Promise<unknown>): Promise<string[]> {
  allow({ Action: '*', Resource: '*' });
  asked = [];
  await call().catch(() => undefined);
  return asked;
}

describe('what a call needs [documented]', () => {
  test('every operation needs an action, and all of a bucket have their own name', () => {
    const headers = { 'x-oss-copy-source': '/from/a' };
    const request = { bucket: 'bucket', key: '', query: new Map(), headers } as unknown as OssRequest;
    for (const { operation, on } of routes) {
      if (['OptionObject', 'DeleteMultipleObjects'].includes(operation)) continue;
      const needs = needsOf(operation, { ...request, key: on === 'object' ? 'a' : '' });
      expect(needs.length, operation).toBeGreaterThan(0);
      for (const { action } of needs) expect(action, operation).toMatch(/^oss:[A-Z]\w+$/);
    }
  });

  const rows: [name: string, call: () => Promise<unknown>, needs: string[]][] = [
    ['PutObject', () => reader.put('a', Buffer.from('1')), ['oss:PutObject bucket/a']],
    [
      'PutObject with tags',
      () => reader.put('a', Buffer.from('1'), { headers: { 'x-oss-tagging': 'k=v' } }),
      ['oss:PutObject bucket/a', 'oss:PutObjectTagging bucket/a'],
    ],
    ['GetObject', () => reader.get('a'), ['oss:GetObject bucket/a']],
    ['HeadObject', () => reader.head('a'), ['oss:GetObject bucket/a']],
    ['GetObjectMeta', () => reader.getObjectMeta('a'), ['oss:GetObject bucket/a']],
    ['DeleteObject', () => reader.delete('a'), ['oss:DeleteObject bucket/a']],
    [
      'DeleteObject of a version',
      () => reader.delete('a', { versionId: 'v' }),
      ['oss:DeleteObjectVersion bucket/a'],
    ],
    ['GetObjectTagging', () => reader.getObjectTagging('a'), ['oss:GetObjectTagging bucket/a']],
    ['PutObjectTagging', () => reader.putObjectTagging('a', { k: 'v' }), ['oss:PutObjectTagging bucket/a']],
    [
      'PutObjectTagging of a version',
      () => reader.putObjectTagging('a', { k: 'v' }, { versionId: 'v' }),
      ['oss:PutObjectVersionTagging bucket/a'],
    ],
    ['PutObjectACL', () => reader.putACL('a', 'private'), ['oss:PutObjectAcl bucket/a']],
    ['InitiateMultipartUpload', () => reader.initMultipartUpload('a'), ['oss:PutObject bucket/a']],
    [
      'AbortMultipartUpload',
      () => reader.abortMultipartUpload('a', 'u'),
      ['oss:AbortMultipartUpload bucket/a'],
    ],
    ['ListParts', () => reader.listParts('a', 'u'), ['oss:ListParts bucket/a']],
    ['ListMultipartUploads', () => reader.listUploads(), ['oss:ListMultipartUploads bucket']],
    ['ListObjectsV2', () => reader.listV2(), ['oss:ListObjects bucket']],
    ['ListObjectVersions', () => reader.getBucketVersions(), ['oss:ListObjectVersions bucket']],
    ['GetBucketInfo', () => reader.getBucketInfo('bucket'), ['oss:GetBucketInfo bucket']],
    ['ListBuckets', () => reader.listBuckets(), ['oss:ListBuckets *']],
    ['CopyObject', () => reader.copy('b', 'a'), ['oss:GetObject bucket/a', 'oss:PutObject bucket/b']],
    [
      'DeleteMultipleObjects',
      () => reader.deleteMulti(['a', 'b']),
      ['oss:DeleteObject bucket/a', 'oss:DeleteObject bucket/b'],
    ],
  ];
  test.each(rows)('%s', async (_, call, needs) => {
    await put('a');
    expect(await askedBy(call)).toEqual(needs);
  });
});

describe('reading a version takes both actions [assumed]', () => {
  const both = ['oss:GetObject', 'oss:GetObjectVersion'];
  test.each(both)('without %s it is denied', async (missing) => {
    const versionId = await put('version');
    allow({ Action: both });
    expect((await reader.get('version', { versionId })).content.toString()).toBe('version');
    allow({ Action: both.filter((action) => action !== missing) });
    expect(await failure(reader.get('version', { versionId }))).toMatchObject({ status: 403 });
  });

  test('so do its tags', async () => {
    const versionId = await put('version');
    expect(await askedBy(() => reader.getObjectTagging('version', { versionId }))).toEqual([
      'oss:GetObjectTagging bucket/version',
      'oss:GetObjectVersionTagging bucket/version',
    ]);
  });
});

describe('denials [documented]', () => {
  test('nothing allows it: by the object', async () => {
    allow({ Action: 'oss:GetObject' });
    expect(await failure(reader.put('a', Buffer.from('1')))).toMatchObject({
      ...{ status: 403, code: 'AccessDenied', ecCode: '0003-00000001' },
      message: 'You have no right to access this object because of bucket acl.',
    });
  });

  test('nothing allows it: by the bucket', async () => {
    expect(await failure(reader.getBucketInfo('bucket'))).toMatchObject({
      ...{ status: 403, code: 'AccessDenied' },
      message: 'The bucket you access does not belong to you.',
    });
  });

  test('a Deny of RAM', async () => {
    await put('a');
    allow({}, { Effect: 'Deny' });
    expect(await failure(reader.get('a'))).toMatchObject({
      ...{ status: 403, code: 'AccessDenied', ecCode: '0003-00000201' },
      message: 'Access denied by bucket policy.',
    });
  });

  test('the answer tells the action and whose policy it was', async () => {
    allow({}, { Effect: 'Deny' });
    const url = await reader.signatureUrlV4('GET', 60, {}, 'a');
    const answer = await (await fetch(url)).text();
    expect(answer).toContain('<AuthAction>oss:GetObject</AuthAction>');
    expect(answer).toContain('<NoPermissionType>ExplicitDeny</NoPermissionType>');
    expect(answer).toContain('<PolicyType>AccountLevelIdentityBasedPolicy</PolicyType>');
  });

  test('one key that may not be deleted, and none is', async () => {
    for (const key of ['keep', 'lose']) await put(key);
    allow(
      { Action: 'oss:*' },
      { Effect: 'Deny', Action: 'oss:DeleteObject', Resource: 'acs:oss:*:*:*/keep' },
    );
    expect(await failure(reader.deleteMulti(['lose', 'keep']))).toMatchObject({
      ...{ status: 403, code: 'AccessDenied', ecCode: '0003-00000204' },
    });
    expect((await owner.get('lose')).content.toString()).toBe('lose');
  });

  test('a source that may not be read is not copied', async () => {
    await put('a');
    allow({ Action: 'oss:PutObject' });
    expect(await failure(reader.copy('b', 'a') as Promise<unknown>)).toMatchObject({ status: 403 });
  });
});

describe('what lets a role in beside its policies [documented]', () => {
  test('a public ACL', async () => {
    await owner.put('public', Buffer.from('1'), { headers: { 'x-oss-object-acl': 'public-read' } });
    allow({ Action: 'oss:PutObject' });
    expect((await reader.get('public')).content.toString()).toBe('1');
    allow({ Effect: 'Deny' });
    expect(await failure(reader.get('public'))).toMatchObject({ status: 403 });
  });

  test('conditions of its policies look at the request', async () => {
    const Condition = { StringLike: { 'oss:Prefix': 'mine/*' } };
    allow({ Action: 'oss:ListObjects', Resource: 'acs:oss:*:*:bucket', Condition });
    expect((await reader.listV2({ prefix: 'mine/' })).isTruncated).toBe(false);
    expect(await failure(reader.listV2({ prefix: 'yours/' }))).toMatchObject({ status: 403 });
    expect(await failure(reader.listV2())).toMatchObject({ status: 403 });
  });
});

describe('the policy of a bucket [documented]', () => {
  const role = `arn:sts::${accountId}:assumed-role/reader/*`;
  const attach = (...statements: Record<string, unknown>[]) =>
    owner.putBucketPolicy('bucket', document(...statements));
  const detach = () => owner.deleteBucketPolicy('bucket');

  test('lets in whom it names', async () => {
    await put('a');
    allow({ Action: 'oss:PutObject' });
    await attach({ Principal: [role] });
    expect((await reader.get('a')).content.toString()).toBe('a');
    await detach();
    expect(await failure(reader.get('a'))).toMatchObject({ status: 403 });
  });

  test('denies what the role may do', async () => {
    await put('a');
    allow({});
    await attach({ Principal: [role], Effect: 'Deny' });
    expect(await failure(reader.get('a'))).toMatchObject({ status: 403, code: 'AccessDenied' });
    await detach();
  });

  const Condition = { Bool: { 'acs:SecureTransport': ['false'] } };
  const tlsOnly = { Principal: ['*'], Effect: 'Deny', Action: ['oss:*'], Condition };

  test('loopback counts as TLS for a Deny of plain HTTP', async () => {
    await put('a');
    allow({});
    await attach(tlsOnly);
    expect((await reader.get('a')).content.toString()).toBe('a');
    await detach();
  });

  test('unless told otherwise: then it holds for the owner too', async () => {
    const data = await newFolder();
    const common = { data, accessKeys, accountId, region, now: Date.now };
    const insecure = await startOss({ ...common, loopbackIsSecure: false });
    const client = createClient({
      endpoint: insecure.endpoint,
      bucket: 'bucket',
      credentials: accessKeys.root,
    });
    await client.putBucket('bucket');
    await client.put('a', Buffer.from('1'));
    await client.putBucketPolicy('bucket', document(tlsOnly));
    expect(await failure(client.get('a'))).toMatchObject({ status: 403, code: 'AccessDenied' });
    await client.deleteBucketPolicy('bucket');
    expect((await client.get('a')).content.toString()).toBe('1');
    await insecure.close();
  });
});
