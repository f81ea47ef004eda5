import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keysAt } from '../../../functions/cloud/keys';
import { ossClient } from '../../../functions/cloud/oss-client';
import { vaultIn } from '../../../functions/cloud/vault';
import { encryptionContext, openEnvelope, parseHeader } from '../../../functions/envelope/envelope';
import { DOWNLOADS, INBOX, VAULT } from '../../../infra/run/deployment';
import {
  ask,
  type Bench,
  deployBench,
  eventOf,
  hold,
  invokeLater,
  lettersOf,
  linesOf,
  opened,
  outcomesOf,
  put,
  upload,
  versionsOf,
} from '../../deployment';
import { type Client, createClient } from '../../infra/local/oss/client';
import { putBytes } from '../../infra/local/oss/raw';
import { bucketBy, callOnce } from '../../services';

let bench: Bench;
let uploader: Client;
beforeAll(async () => {
  bench = await deployBench({ env: { ENVELOPE_APPENDABLE_QUIET_SECONDS: '60' } });
  const { oss, root: credentials } = bench.cloud;
  uploader = createClient({ endpoint: oss.endpoint, bucket: INBOX, credentials });
});
afterAll(() => bench.close());

/** What is sealed beside the content, as the format says it is found. */
async function sealedMetadata(key: string) {
  const { start } = await vaultIn(bucketBy(VAULT, bench.vault)).find(key);
  const header = parseHeader(start);
  const { accountId, region, kms } = bench.cloud;
  const keys = keysAt({
    accountId,
    region,
    identity: async () => bench.owner,
    endpoint: kms.endpoint,
    retry: callOnce,
  });
  const [wrappedKey = expect.fail('no wrapped key')] = header.wrappedKeys;
  const { dataKey } = await keys.unwrap(wrappedKey, encryptionContext(header.factsBytes));
  const { headers, userMetadata, tags } = openEnvelope(
    header,
    start.subarray(header.length),
    dataKey,
  ).metadata;
  return {
    headers: Object.fromEntries(headers),
    user: Object.fromEntries(userMetadata),
    tags: Object.fromEntries(tags),
  };
}

const carried = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Encoding': 'identity',
  'Content-Language': 'zh-CN, en',
  'Content-Disposition': 'inline; filename="q\'1.html"',
  'Cache-Control': 'max-age=60, must-revalidate',
  Expires: 'Thu, 01 Dec 2033 16:00:00 GMT',
  'x-oss-meta-author': '作者 é 🔐',
  'x-oss-meta-empty': '',
  'x-oss-tagging': `team=blue&place=${encodeURIComponent('a+b c/d:e=f')}`,
};

describe.each([100, 300_000])('what an upload of %i bytes carries', (size) => {
  const key = `carried/${size}`;
  const lower = (text: string) => Buffer.from(text, 'latin1').toString('utf8');
  beforeAll(() => upload(bench, key, randomBytes(size), carried));

  test('is sealed with it, all of it', async () => {
    expect(await sealedMetadata(key)).toEqual({
      headers: {
        'content-type': carried['Content-Type'],
        'content-encoding': carried['Content-Encoding'],
        'content-language': carried['Content-Language'],
        'content-disposition': carried['Content-Disposition'],
        'cache-control': carried['Cache-Control'],
        expires: carried.Expires,
      },
      user: { author: carried['x-oss-meta-author'], empty: '' },
      tags: { team: 'blue', place: 'a+b c/d:e=f' },
    });
  });

  test('comes back on its download', async () => {
    const { json } = await ask(bench, { key });
    const { headers } = await fetch(json.url ?? '');
    expect(headers.get('content-type')).toBe(carried['Content-Type']);
    expect(headers.get('content-encoding')).toBe(carried['Content-Encoding']);
    expect(headers.get('content-language')).toBe(carried['Content-Language']);
    expect(lower(headers.get('x-oss-meta-author') ?? '')).toBe(carried['x-oss-meta-author']);
    const name = new URL(json.url ?? '').pathname.slice(1);
    const { oss, root: credentials } = bench.cloud;
    const reader = createClient({ endpoint: oss.endpoint, bucket: DOWNLOADS, credentials });
    const { tag } = await reader.getObjectTagging(name);
    expect(tag).toEqual({ team: 'blue', place: 'a+b c/d:e=f' });
  });

  test('is not to be seen in the vault', async () => {
    const { headers } = (await bench.vault.head(key, {})).res;
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(Object.keys(headers).filter((name) => /meta|tagging|content-(disp|lang|enc)/.test(name))).toEqual(
      [],
    );
  });
});

describe('the limits of what OSS takes', () => {
  const tags = Array.from({ length: 10 }, (_, n) => `${n}${'k'.repeat(127)}=${'v'.repeat(256)}`).join('&');

  test('are sealed, and come back; twice', async () => {
    const name = 'x-oss-meta-author';
    await upload(bench, 'limits', Buffer.from('x'), {
      [name]: 'm'.repeat(8192 - name.length),
      'content-language': 'l'.repeat(8192),
      'content-encoding': 'e'.repeat(8192),
      'x-oss-tagging': tags,
    });
    expect(outcomesOf(bench, 'limits')).toEqual(['sealed']);
    const answers = [await ask(bench, { key: 'limits' }), await ask(bench, { key: 'limits' })];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    const { oss, root: credentials } = bench.cloud;
    const downloads = ossClient(
      { region: bench.cloud.region, credentials },
      { endpoint: oss.endpoint, bucket: DOWNLOADS, addressing: 'path' },
    );
    const { headers } = (await downloads.head(new URL(answers[0]?.json.url ?? '').pathname.slice(1), {})).res;
    expect(headers[name]).toHaveLength(8192 - name.length);
    expect(headers['x-oss-tagging-count']).toBe('10');
  });

  test.each([
    ['x-oss-meta-author', '\xf6'],
    ['x-oss-meta-author', 'a\xe5\xb9'],
    ['content-disposition', 'attachment; filename="\xd6\xd0.txt"'],
    ['content-type', 'text/plain; name=\xf6'],
  ])('%s: %j is not UTF-8: a letter names the field, the plaintext stays', async (field, value) => {
    const key = `not-utf8-${randomBytes(4).toString('hex')}`;
    const { oss, root: credentials } = bench.cloud;
    const place = { port: oss.port, bucket: INBOX, credentials };
    expect((await putBytes(place, key, { [field]: value })).status).toBe(200);
    await bench.cloud.idle();
    expect(outcomesOf(bench, key)).toEqual(['failed', 'dead-lettered']);
    expect(lettersOf(bench, key)).toMatchObject([
      {
        error: {
          errorType: 'metadata-unsupported',
          errorMessage: `Cannot carry "${field}": its value is not UTF-8`,
        },
      },
    ]);
    expect(await versionsOf(bench.inbox, key)).toHaveLength(1);
    expect(await versionsOf(bench.vault, key)).toEqual([]);
  });

  test('a tag that ali-oss cannot tell of is no tag lost', async () => {
    await upload(bench, 'proto', Buffer.from('x'), { 'x-oss-tagging': '__proto__=1&a=2' });
    expect(outcomesOf(bench, 'proto')).toEqual(['failed', 'dead-lettered']);
    expect(await versionsOf(bench.inbox, 'proto')).toHaveLength(1);
  });
});

describe('storage class', () => {
  test.each([
    ['Standard', 'Standard'],
    ['IA', 'IA'],
  ])('%s: the envelope rests in %s', async (storageClass, ofEnvelope) => {
    const key = `class/${storageClass}`;
    await upload(bench, key, Buffer.from('x'), { 'x-oss-storage-class': storageClass });
    const { objects } = await bench.vault.getBucketVersions({ prefix: key });
    expect(objects.map((object) => object.storageClass)).toEqual([ofEnvelope]);
    expect((await ask(bench, { key })).json).toMatchObject({ storageClass });
  });
});

describe('object keys', () => {
  const keys = [
    'a',
    'k'.repeat(1023),
    '报'.repeat(341),
    '报告/文件.pdf',
    '🔐 key',
    ' spaces  inside and around ',
    'q\'!()*+%41 ?#&="',
    'a+b',
    'a%2Fb',
    '.hidden',
    '..hidden/...',
    'folder/',
    'a//b',
    'back\\slash',
    'line\nfeed',
    'tab\tand\u0001control\u001f\u007f',
    '<xml>&amp;]]>',
    'constructor',
    '__proto__',
  ];
  test.each(keys)('%j', async (key) => {
    const content = Buffer.from(`content of ${key}`);
    await upload(bench, key, content);
    expect((await opened(bench, key)).equals(content)).toBe(true);
    expect(await versionsOf(bench.inbox, encodeURIComponent(key))).toEqual([]);
    expect(outcomesOf(bench, key)).toEqual(['sealed', 'opened']);
  });
});

/** Fields of a form that the account's owner has signed. */
function signedForm(key: string): Record<string, string> {
  const now = new Date();
  const date = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const policy = { expiration: new Date(Date.now() + 3_600_000).toISOString(), conditions: [] };
  const { region, root } = bench.cloud;
  return {
    key,
    policy: Buffer.from(JSON.stringify(policy)).toString('base64'),
    'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    'x-oss-date': date,
    'x-oss-credential': `${root.accessKeyId}/${date.slice(0, 8)}/${region}/oss/aliyun_v4_request`,
    'x-oss-signature': uploader.signPostObjectPolicyV4(policy, now),
  };
}

describe('kinds of uploads', () => {
  test('PostObject: a form of a web page', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries(signedForm('kinds/form'))) form.append(name, value);
    form.append('file', new Blob(['from a form'], { type: 'text/plain' }), 'form.txt');
    const { status } = await fetch(`${bench.cloud.oss.endpoint}/${INBOX}`, { method: 'POST', body: form });
    await bench.cloud.idle();
    expect(status).toBe(204);
    expect((await opened(bench, 'kinds/form')).toString()).toBe('from a form');
  });

  test('CopyObject: what is copied into the inbox', async () => {
    await put(bench, 'kinds/source', Buffer.from('copied'), { 'Content-Type': 'text/x-kind' });
    await uploader.copy('kinds/copy', 'kinds/source');
    await bench.cloud.idle();
    expect((await opened(bench, 'kinds/copy')).toString()).toBe('copied');
    expect((await sealedMetadata('kinds/copy')).headers).toEqual({ 'content-type': 'text/x-kind' });
  });

  test('of before versioning was enabled', async () => {
    await bench.inbox.putBucketVersioning(INBOX, 'Suspended');
    const { eTag } = await put(bench, 'kinds/null', Buffer.from('early'));
    await bench.inbox.putBucketVersioning(INBOX, 'Enabled');
    expect(await versionsOf(bench.inbox, 'kinds/null')).toMatchObject([{ versionId: 'null' }]);
    await invokeLater(bench, 'oss-envelope-encrypt', eventOf({ key: 'kinds/null', eTag }));
    expect((await opened(bench, 'kinds/null')).toString()).toBe('early');
    expect(await versionsOf(bench.inbox, 'kinds/null')).toEqual([]);
  });
});

describe('AppendObject: the upload is complete when it has rested', () => {
  const append = async (key: string, text: string, position: number) => {
    const { res } = await uploader.append(key, Buffer.from(text), { position });
    await bench.cloud.idle();
    return { key, eTag: (res.headers.etag ?? '').replaceAll('"', '') };
  };
  const redeliver = (upload: { key: string; eTag: string }) =>
    invokeLater(bench, 'oss-envelope-encrypt', eventOf(upload));

  test('before that it grows, and stays; then the last append is sealed', async () => {
    const key = 'appended/rests';
    const first = await append(key, 'one ', 0);
    const last = await append(key, 'two', 4);
    expect(outcomesOf(bench, key)).toEqual(['growing', 'growing']);
    const [version] = await versionsOf(bench.inbox, key);
    const again = new Date(Date.parse(version?.lastModified ?? '') + 900_000).toISOString();
    expect(linesOf(bench, key).at(-1)).toMatchObject({ againAfter: again });
    expect(linesOf(bench, key).at(-1)).not.toHaveProperty('code');
    await bench.cloud.clock.advance(62_000);
    await redeliver(first);
    expect(outcomesOf(bench, key).at(-1)).toBe('gone');
    const told = JSON.parse(eventOf(first));
    told.events[0].eventTime = version?.lastModified;
    await invokeLater(bench, 'oss-envelope-encrypt', JSON.stringify(told));
    expect(outcomesOf(bench, key).at(-1)).toBe('superseded');
    await redeliver(last);
    expect((await opened(bench, key)).toString()).toBe('one two');
    expect(await versionsOf(bench.inbox, key)).toEqual([]);
  });

  test('what is appended while it is sealed is not lost', async () => {
    const key = 'appended/meanwhile';
    const first = await append(key, 'one ', 0);
    await bench.cloud.clock.advance(62_000);
    const held = hold(bench, ({ operation }) => operation === 'GenerateDataKey');
    const run = redeliver(first);
    await held.reached;
    const { res } = await uploader.append(key, Buffer.from('two'), { position: 4 });
    held.release();
    await run;
    expect(outcomesOf(bench, key).sort()).toEqual(['growing', 'growing', 'superseded']);
    expect(await versionsOf(bench.inbox, key)).toHaveLength(1);
    await bench.cloud.clock.advance(62_000);
    await redeliver({ key, eTag: (res.headers.etag ?? '').replaceAll('"', '') });
    expect((await opened(bench, key)).toString()).toBe('one two');
  });
});
