import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { uploadEvent } from '../../../functions/cloud/upload-event';
import { KmsError } from '../../../infra/local/kms/wire/errors';
import { OssError } from '../../../infra/local/oss/wire/errors';
import { INBOX, VAULT } from '../../../infra/run/deployment';
import {
  type Bench,
  deployBench,
  eventOf,
  failFirst,
  invoke,
  invokeLater,
  lettersOf,
  linesOf,
  opened,
  outcomesOf,
  PART,
  put,
  unfinishedIn,
  upload,
  versionsOf,
} from '../../deployment';
import { type Client, createClient } from '../../infra/local/oss/client';

const ENCRYPT = 'oss-envelope-encrypt';

let bench: Bench;
let uploader: Client;
beforeAll(async () => {
  bench = await deployBench();
  const { oss, root: credentials } = bench.cloud;
  uploader = createClient({ endpoint: oss.endpoint, bucket: INBOX, credentials });
});
afterEach(async () => {
  bench.fail.before = undefined;
  await bench.cloud.faults.clear();
});
afterAll(() => bench.close());

/** One run, two lines, one letter with the event; the plaintext where it was. */
async function isDeadLettered(key: string, code: string): Promise<string> {
  expect(linesOf(bench, key)).toMatchObject([
    { outcome: 'failed', code, message: expect.stringMatching(/^Cannot /) },
    { outcome: 'dead-lettered', code },
  ]);
  const [letter, ...more] = lettersOf(bench, key);
  expect(more).toEqual([]);
  expect(letter.requestContext).toMatchObject({
    condition: 'HandledInvocationError',
    approximateInvokeCount: 1,
    requestId: bench.reports.at(-1)?.requestId,
  });
  expect(letter.error).toEqual({ errorType: code, errorMessage: linesOf(bench, key)[0]?.message });
  expect(await versionsOf(bench.inbox, key)).toHaveLength(1);
  expect(await unfinishedIn(bench.vault)).toEqual([]);
  return letter.requestPayload;
}

const small = randomBytes(100);
const large = randomBytes(2 * PART);

type Cause = {
  code: string;
  content: Buffer;
  headers?: Record<string, string>;
  before?: () => unknown;
  mend?: (key: string) => unknown;
};
const fails = (operation: string, error: () => Error) => () => failFirst(bench, 100, operation, error);
const mendHook = () => {
  bench.fail.before = undefined;
};
async function restore(key: string) {
  await uploader.restore(key);
  await bench.cloud.clock.advance(2 * 60_000);
}
const causes: Record<string, Cause> = {
  'the key is disabled': {
    ...{ code: 'kms-refused', content: small, mend: mendHook },
    before: fails('GenerateDataKey', () => new KmsError('Rejected.Disabled')),
  },
  'the key may not be used': {
    ...{ code: 'kms-refused', content: small, mend: mendHook },
    before: fails('GenerateDataKey', () => new KmsError('Forbidden.NoPermission')),
  },
  'the inbox may not be listed': {
    ...{ code: 'oss-refused', content: small, mend: mendHook },
    before: fails('ListObjectVersions', () => new OssError('AccessDenied')),
  },
  'the upload may not be read': {
    ...{ code: 'oss-refused', content: small, mend: mendHook },
    before: () => {
      bench.fail.before = ({ operation, principal }) => {
        if (/^(Get|Head)Object$/.test(operation) && principal.includes(ENCRYPT))
          throw new OssError('AccessDenied');
      };
    },
  },
  'the tags of the upload may not be read': {
    ...{ code: 'oss-refused', content: small, mend: mendHook },
    headers: { 'x-oss-tagging': 'project=x' },
    before: fails('GetObjectTagging', () => new OssError('AccessDenied')),
  },
  'the vault may not be written': {
    ...{ code: 'oss-refused', content: small, mend: mendHook },
    before: fails('PutObject', () => new OssError('AccessDenied')),
  },
  'a part may not be written': {
    ...{ code: 'oss-refused', content: large, mend: mendHook },
    before: fails('UploadPart', () => new OssError('AccessDenied')),
  },
  'the upload lies in an archive': {
    ...{ code: 'source-archived', content: small, mend: restore },
    headers: { 'x-oss-storage-class': 'Archive' },
  },
  'a large upload lies in an archive': {
    ...{ code: 'source-archived', content: large, mend: restore },
    headers: { 'x-oss-storage-class': 'Archive' },
  },
  'the inbox has no versions': {
    ...{ code: 'inbox-unversioned', content: small },
    before: () => bench.inbox.putBucketVersioning(INBOX, 'Suspended'),
    mend: () => bench.inbox.putBucketVersioning(INBOX, 'Enabled'),
  },
  'the vault has no versions': {
    ...{ code: 'vault-unversioned', content: small },
    before: () => bench.vault.putBucketVersioning(VAULT, 'Suspended'),
    mend: () => bench.vault.putBucketVersioning(VAULT, 'Enabled'),
  },
};

describe('once its cause is mended, the event of the dead letter seals', () => {
  test.each(Object.entries(causes))('%s', async (key, { code, content, headers, before, mend }) => {
    await before?.();
    await bench.inbox.put(key, content, { headers: headers ?? {} });
    await bench.cloud.idle();
    mendHook();
    const event = await isDeadLettered(key, code);
    await mend?.(key);
    await invokeLater(bench, ENCRYPT, event);
    expect(outcomesOf(bench, key).at(-1)).toBe('sealed');
    expect((await opened(bench, key)).equals(content)).toBe(true);
    expect(await versionsOf(bench.inbox, key)).toEqual([]);
  });
});

describe('what will never be sealed as it is', () => {
  test.each(['a/../b', './a', '..', 'a/.', '/a', '\\a'])('key %j', async (key) => {
    await invokeLater(bench, ENCRYPT, eventOf({ key, eTag: 'e' }));
    const letters = lettersOf(bench, key);
    expect(letters).toMatchObject([{ error: { errorType: 'key-unsupported' } }]);
    expect(letters[0].requestPayload).toBe(eventOf({ key, eTag: 'e' }));
  });

  test('a symbolic link', async () => {
    const { res } = await uploader.putSymlink('link', 'target', {});
    await invokeLater(
      bench,
      ENCRYPT,
      eventOf({ key: 'link', eTag: (res.headers.etag ?? '').replaceAll('"', '') }),
    );
    await isDeadLettered('link', 'source-symlink');
  });

  test('an appendable object, where nobody says when it is complete', async () => {
    bench.cloud.faults.add({ match: { service: 'event', key: 'log' }, do: { drop: true } });
    const { res } = await uploader.append('log', Buffer.from('line'));
    await invokeLater(
      bench,
      ENCRYPT,
      eventOf({ key: 'log', eTag: (res.headers.etag ?? '').replaceAll('"', '') }),
    );
    await isDeadLettered('log', 'source-appendable');
  });

  test('each append is told at once, with when it is looked at again; then the sweep has the last one refused', async () => {
    await uploader.append('told', Buffer.from('line'), { position: 0 });
    const { res } = await uploader.append('told', Buffer.from('line'), { position: 4 });
    await bench.cloud.idle();
    const [version = expect.fail('it is gone')] = await versionsOf(bench.inbox, 'told');
    const lastModified = new Date(version.lastModified).toISOString();
    const againAfter = new Date(Date.parse(lastModified) + 900_000).toISOString();
    const lines = linesOf(bench, 'told');
    expect(lines.at(-1)).toMatchObject({ outcome: 'growing', code: 'source-appendable', againAfter });
    expect(lettersOf(bench, 'told')).toEqual([]);
    const { versionId } = version;
    const eTag = (res.headers.etag ?? '').replaceAll('"', '');
    const found = {
      ...{ key: 'told', eTag, versionId, size: 8, lastModified },
      type: 'Appendable' as const,
    };
    const by = { bucket: INBOX, region: bench.cloud.region, accountId: bench.cloud.accountId, by: 'sweep' };
    await invokeLater(bench, ENCRYPT, uploadEvent(found, by));
    expect(lettersOf(bench, 'told')).toMatchObject([{ error: { errorType: 'source-appendable' } }]);
  });

  const events: [string, string, string?][] = [
    ['no JSON', 'hello', ''],
    ['no list', '{}', ''],
    ['the event of EventBridge', readFileSync('events/eventbridge.json', 'utf8'), ''],
    ['an empty list', '{"events":[]}'],
    ['no upload', eventOf({ key: 'no upload', eTag: 'e' }).replace('PutObject', 'UploadPart')],
    ['an upload and something else', eventOf({ key: 'a', eTag: 'e' }).replace(']', ',{}]')],
    ['the event of another bucket', eventOf({ key: 'b', eTag: 'e' }).replace(INBOX, 'foreign')],
    ['<&>"\u0007', eventOf({ key: '<&>"\u0007', eTag: 'e' }).replace('PutObject', '<&>')],
  ];
  test.each(events)('%s', async (_, event, kept = event) => {
    const before = lettersOf(bench).length;
    const { data } = await invoke(bench, ENCRYPT, event);
    expect(data).toBe('{"sealed":0,"settled":0,"deadLettered":1}');
    const letters = lettersOf(bench).slice(before);
    expect(letters).toMatchObject([{ error: { errorType: 'event-invalid' }, requestPayload: kept }]);
    expect(linesOf(bench).slice(-2)).toMatchObject([
      { outcome: 'failed', code: 'event-invalid' },
      { outcome: 'dead-lettered', code: 'event-invalid' },
    ]);
  });

  test('an event that is not UTF-8 stays out of its letter: nobody could deliver it again', async () => {
    const event = Buffer.from(eventOf({ key: 'latin1 \xf6', eTag: 'e' }), 'latin1');
    await invoke(bench, ENCRYPT, event as unknown as string);
    expect(lettersOf(bench).at(-1)).toMatchObject({
      error: { errorType: 'event-invalid' },
      requestPayload: '',
    });
  });
});

describe('what an uploader says of his content, and who he is,', () => {
  const headers = {
    'Content-Type': 'application/x-secret',
    'x-oss-meta-patient': 'Jane Roe',
    'x-oss-tagging': 'ward=7',
  };

  /** What is in no letter of ours. */
  const told = (letter: object) =>
    /x-secret|patient|Jane|ward|127\.0\.0\.1|sourceIP|userIdentity/.exec(JSON.stringify(letter));

  test('is in no letter of the function; the letter is replayed all the same', async () => {
    await upload(bench, 'unsaid', small, { ...headers, 'x-oss-storage-class': 'Archive' });
    const event = await isDeadLettered('unsaid', 'source-archived');
    expect(lettersOf(bench, 'unsaid').map(told)).toEqual([null]);
    expect(JSON.parse(event)).toEqual({
      events: [
        {
          eventName: 'ObjectCreated:PutObject',
          eventTime: expect.stringMatching(/T.*Z$/),
          region: bench.cloud.region,
          oss: { bucket: { name: INBOX }, object: { key: 'unsaid', eTag: expect.any(String), size: 100 } },
        },
      ],
    });
    await restore('unsaid');
    await invokeLater(bench, ENCRYPT, event);
    expect(outcomesOf(bench, 'unsaid').at(-1)).toBe('sealed');
  });

  test('is in no letter about an event that is no upload', async () => {
    const [record] = JSON.parse(readFileSync('events/put-object.json', 'utf8')).events;
    const event = JSON.stringify({ events: [{ ...record, eventName: 'ObjectCreated:UploadPart' }] });
    await invoke(bench, ENCRYPT, event);
    const [letter] = lettersOf(bench, record.oss.object.key);
    expect(letter.requestPayload).not.toMatch(/meta|mimeType|140\.205|principalId|arn/);
  });

  test('is in the letters of Function Compute itself, which has the event as OSS sent it', async () => {
    const denied = { error: { code: 'SecurityTokenExpired', status: 403 } };
    bench.cloud.faults.add({ match: { operation: 'PutObject', bucket: VAULT }, times: 4, do: denied });
    await upload(bench, 'given up', small, headers);
    expect(lettersOf(bench, 'given up').map(told)).not.toContain(null);
  });
});

describe('an event of several uploads', () => {
  test('is dead-lettered in parts: only what cannot be sealed', async () => {
    const [one, two] = [await put(bench, 'several/1', small), await put(bench, 'several/2', large)];
    const { data } = await invoke(bench, ENCRYPT, eventOf(one, { key: 'several/../3', eTag: 'e' }, two));
    expect(data).toBe('{"sealed":2,"settled":0,"deadLettered":1}');
    expect(lettersOf(bench, 'several/../3').map(({ requestPayload }) => requestPayload)).toEqual([
      eventOf({ key: 'several/../3', eTag: 'e' }),
    ]);
  });

  test('is delivered again as a whole where one of them may succeed later, and dead-lettered once', async () => {
    const [one, two] = [await put(bench, 'mixed/1', small), await put(bench, 'mixed/2', large)];
    const expired = { error: { code: 'SecurityTokenExpired', status: 403 } };
    bench.cloud.faults.add({ match: { operation: 'UploadPart' }, do: expired });
    await invokeLater(bench, ENCRYPT, eventOf({ key: 'mixed/../3', eTag: 'e' }, one, two));
    expect(outcomesOf(bench, 'mixed/1')).toEqual(['sealed', 'duplicate']);
    expect(outcomesOf(bench, 'mixed/2')).toEqual(['failed', 'sealed']);
    expect(outcomesOf(bench, 'mixed/../3')).toEqual(['failed', 'failed', 'dead-lettered']);
    expect(lettersOf(bench, 'mixed/../3')).toHaveLength(1);
  });
});

describe('where the queue takes no letter', () => {
  const poison = (key: string) => eventOf({ key, eTag: 'e' });

  test('at first, it is sent again', async () => {
    bench.cloud.faults.add({
      match: { service: 'mns' },
      do: { error: { code: 'InternalError', status: 500 } },
    });
    await invokeLater(bench, ENCRYPT, poison('once/../again'));
    expect(linesOf(bench, 'once/../again').at(-1)).toMatchObject({ outcome: 'dead-lettered', retries: 1 });
    expect(lettersOf(bench, 'once/../again')).toHaveLength(1);
  });

  test('from the function, Function Compute delivers again and in the end sends one of its own', async () => {
    const denied = { error: { code: 'AccessDenied', status: 403 } };
    bench.cloud.faults.add({ match: { service: 'mns' }, times: 4, do: denied });
    const key = 'four/../times';
    await invokeLater(bench, ENCRYPT, poison(key));
    expect(linesOf(bench, key).map(({ code }) => code)).toEqual(
      Array(4).fill(['key-unsupported', 'mns-refused']).flat(),
    );
    const [letter, ...more] = lettersOf(bench, key);
    expect(more).toEqual([]);
    expect(letter).toMatchObject({
      requestPayload: poison(key),
      requestContext: { approximateInvokeCount: 4 },
      error: { errorType: 'key-unsupported', stackTrace: [] },
    });
  });

  test('the letters of both have the same fields', async () => {
    await invokeLater(bench, ENCRYPT, poison('field/../names'));
    const [own] = lettersOf(bench, 'field/../names');
    const [theirs] = lettersOf(bench, 'four/../times');
    const fields = (letter: Record<string, object>) =>
      Object.entries(letter).map(([name, value]) => [
        name,
        typeof value === 'object' ? Object.keys(value) : typeof value,
      ]);
    const { error: _, ...ownFields } = own;
    const { error: __, ...theirFields } = theirs;
    expect(fields(ownFields)).toEqual(fields(theirFields));
  });
});

test('what is dead-lettered stays out of the way of the next upload', async () => {
  await upload(bench, 'next', small, { 'x-oss-storage-class': 'Archive' });
  await isDeadLettered('next', 'source-archived');
  await upload(bench, 'next', large);
  expect((await opened(bench, 'next')).equals(large)).toBe(true);
  expect(await versionsOf(bench.inbox, 'next')).toEqual([]);
});
