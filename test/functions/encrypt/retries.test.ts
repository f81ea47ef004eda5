import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RequestFault } from '../../../infra/local/faults/fault';
import type { Call } from '../../../infra/local/gateway/hooks';
import { OssError } from '../../../infra/local/oss/wire/errors';
import { DOWNLOADS, INBOX, VAULT } from '../../../infra/run/deployment';
import {
  type Bench,
  deployBench,
  eventOf,
  hold,
  invoke,
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

let bench: Bench;
/** It takes its time, during the other tests. */
let stalled: ReturnType<typeof stalledRuns> | undefined;
beforeAll(async () => {
  bench = await deployBench({ env: { ENVELOPE_LOG_KEYS: 'hash' } });
  stalled = stalledRuns();
});
afterEach(async () => {
  await bench.cloud.faults.clear();
});
afterAll(async () => {
  await stalled;
  await bench.close();
});

const internal: RequestFault['do'] = { error: { code: 'InternalError', status: 500 } };

/** An upload that takes every call there is: in parts, tagged, over an older one that was sealed by a longer run. */
async function overtake(key: string, content: Buffer): Promise<void> {
  const slow = hold(bench, (call) => call.operation === 'GenerateDataKey' && call.service === 'kms');
  const older = await put(bench, key, Buffer.from('older'));
  const run = invoke(bench, 'oss-envelope-encrypt', eventOf(older));
  await slow.reached;
  const newer = await put(bench, key, content, { 'x-oss-tagging': 'project=x' });
  await invoke(bench, 'oss-envelope-encrypt', eventOf(newer));
  slow.release();
  await run;
}

describe('a call that fails once is made again, by itself, in the same run', () => {
  const calls: [operation: string, bucket: string][] = [
    ['ListObjectVersions', INBOX],
    ['HeadObject', INBOX],
    ['GetObjectTagging', INBOX],
    ['GenerateDataKey', '-'],
    ['GetObject', INBOX],
    ['InitiateMultipartUpload', VAULT],
    ['UploadPart', VAULT],
    ['CompleteMultipartUpload', VAULT],
    ['PutObject', VAULT],
    ['ListObjectVersions', VAULT],
    ['GetObject', VAULT],
    ['HeadObject', VAULT],
    ['CopyObject', VAULT],
    ['DeleteObject', INBOX],
  ];
  test.each(calls)('%s of %s', async (operation, bucket) => {
    const key = `once/${operation}/${bucket}`;
    const content = randomBytes(2 * PART);
    const before = bench.reports.length;
    const match = { operation, principal: '*role/oss-envelope-encrypt*', ...(bucket !== '-' && { bucket }) };
    const id = bench.cloud.faults.add({ match, do: internal });
    await overtake(key, content);
    expect(bench.cloud.faults.list().find((fault) => fault.id === id)?.matched).toBeGreaterThan(1);
    expect(bench.reports.slice(before).filter(({ error }) => error)).toEqual([]);
    expect(linesOf(bench, key).map(({ retries }) => retries)).toContain(1);
    expect((await opened(bench, key)).equals(content)).toBe(true);
    expect(await versionsOf(bench.inbox, key)).toEqual([]);
  });
});

describe('in the same run as well', () => {
  const passing: [string, RequestFault][] = [
    [
      'two answers lost after the envelope was stored',
      { match: { operation: 'PutObject', bucket: VAULT }, times: 2, do: { dropAnswer: true } },
    ],
    [
      'an answer lost after the version was removed',
      { match: { operation: 'DeleteObject' }, do: { dropAnswer: true } },
    ],
    ['KMS is throttled twice', { match: { service: 'kms' }, times: 2, do: { throttle: true } }],
    ['KMS is down', { match: { service: 'kms' }, do: { error: { code: 'ServiceUnavailableTemporary' } } }],
    ['the answer of KMS is lost', { match: { service: 'kms' }, do: { dropAnswer: true } }],
    [
      'OSS is throttled twice',
      { match: { operation: 'PutObject', bucket: VAULT }, times: 2, do: { throttle: true } },
    ],
    ['an upload is cut short on its way', { match: { operation: 'GetObject' }, do: { cutBodyAt: 100 } }],
  ];
  test.each(passing)('%s', async (key, fault) => {
    const before = bench.reports.length;
    const content = randomBytes(1000);
    bench.cloud.faults.add({ ...fault, match: { ...fault.match, ...(!fault.match.service && { key }) } });
    await upload(bench, key, content);
    expect(bench.reports.slice(before).map(({ error }) => error)).toEqual([undefined]);
    expect(linesOf(bench, key)).toMatchObject([{ outcome: 'sealed', retries: fault.times ?? 1 }]);
    expect((await opened(bench, key)).equals(content)).toBe(true);
  });
});

test('an upload that OSS has completed is not sealed again because the answer was lost', async () => {
  const key = 'completed unheard';
  const content = randomBytes(2 * PART);
  bench.cloud.faults.add({ match: { operation: 'CompleteMultipartUpload', key }, do: { dropAnswer: true } });
  await upload(bench, key, content);
  expect(linesOf(bench, key)).toMatchObject([{ outcome: 'sealed', retries: 1 }]);
  expect(await versionsOf(bench.vault, key)).toHaveLength(1);
  expect((await opened(bench, key)).equals(content)).toBe(true);
});

describe('not in this run but in the next, with what it brings', () => {
  const expired = { error: { code: 'SecurityTokenExpired', status: 403 } };
  const later: [RequestFault['do'], RequestFault['match'], string][] = [
    [expired, { operation: 'ListObjectVersions', bucket: INBOX }, 'credentials-expired'],
    [expired, { operation: 'UploadPart' }, 'credentials-expired'],
    [expired, { operation: 'CompleteMultipartUpload' }, 'credentials-expired'],
    [expired, { operation: 'DeleteObject' }, 'credentials-expired'],
    [
      { error: { code: 'InvalidSecurityToken', status: 403 } },
      { operation: 'UploadPart' },
      'credentials-expired',
    ],
    [
      { error: { code: 'InvalidSecurityToken.Expired', status: 400 } },
      { service: 'kms' },
      'credentials-expired',
    ],
  ];
  test.each(later)('%j of %j: %s', async (deed, match, code) => {
    const key = `later/${JSON.stringify([deed, match])}`;
    const before = bench.reports.length;
    const content = randomBytes(2 * PART);
    bench.cloud.faults.add({ match, do: deed });
    await upload(bench, key, content);
    expect(bench.reports.slice(before).map(({ error }) => error?.errorType)).toEqual([code, undefined]);
    expect(linesOf(bench, key)).toMatchObject([
      { outcome: 'failed', code, retries: 0 },
      { outcome: 'sealed' },
    ]);
    expect(await unfinishedIn(bench.vault)).toEqual([]);
    expect((await opened(bench, key)).equals(content)).toBe(true);
    expect(await versionsOf(bench.inbox, key)).toEqual([]);
    expect(lettersOf(bench, key)).toEqual([]);
  });
});

describe('never: somebody has to mend it', () => {
  const codes: [string, string, number][] = [
    ['oss', 'AccessDenied', 403],
    ['oss', 'SignatureDoesNotMatch', 403],
    ['oss', 'InvalidAccessKeyId', 403],
    ['oss', 'RequestTimeTooSkewed', 403],
    ['oss', 'NoSuchBucket', 404],
    ['kms', 'Forbidden.NoPermission', 403],
    ['kms', 'Forbidden.KeyNotFound', 404],
    ['kms', 'Rejected.Disabled', 409],
    ['kms', 'SignatureDoesNotMatch', 400],
    ['kms', 'InvalidAccessKeyId.NotFound', 404],
  ];
  test.each(codes)('%s %s', async (service, error, status) => {
    const key = `never/${service}/${error}`;
    const before = bench.reports.length;
    const match = service === 'oss' ? { operation: 'PutObject', bucket: VAULT } : { service: 'kms' as const };
    bench.cloud.faults.add({ match, times: 100, do: { error: { code: error, status } } });
    const { versionId } = await upload(bench, key, randomBytes(10));
    expect(bench.reports.length).toBe(before + 1);
    const code = `${service}-refused`;
    expect(linesOf(bench, key)).toMatchObject([
      { outcome: 'failed', code, retries: 0 },
      { outcome: 'dead-lettered', code },
    ]);
    expect(await versionsOf(bench.inbox, key)).toMatchObject([{ versionId }]);
  });
});

describe('a sweep of which each call breaks off once', () => {
  const calls: [operation: string, bucket?: string][] = [
    ['ListObjectVersions', INBOX],
    ['InvokeFunction'],
    ['DeleteObject', INBOX],
    ['ListMultipartUploads', VAULT],
    ['AbortMultipartUpload', VAULT],
    ['ListObjectsV2', DOWNLOADS],
    ['DeleteMultipleObjects', DOWNLOADS],
  ];
  const deeds: RequestFault['do'][] = [{ dropAnswer: true }, { cutBodyAt: 1 }];
  test.each(deeds)('%j', async (deed) => {
    const key = `swept/${Object.keys(deed)}`;
    await put(bench, key, randomBytes(10));
    await bench.inbox.deleteMulti([`${key}/marker`], { quiet: true });
    await bench.vault.initMultipartUpload(key, {});
    await bench.downloads.put(key, randomBytes(10), {});
    await bench.cloud.clock.advance(26 * 3_600_000);
    for (const [operation, bucket] of calls) {
      const match = { operation, principal: '*role/oss-envelope-sweep*', ...(bucket && { bucket }) };
      bench.cloud.faults.add({ match, do: deed });
    }
    await invoke(bench, 'oss-envelope-sweep', '{"all":true}');
    await bench.cloud.idle();
    expect(outcomesOf(bench, key)[0]).toBe('sealed');
    const listed = bench.inbox.getBucketVersions({ prefix: key });
    expect(await listed).toMatchObject({ objects: [], deleteMarker: [] });
    expect(await unfinishedIn(bench.vault)).toEqual([]);
    expect(await versionsOf(bench.downloads, key)).toEqual([]);
  });
});

test('past its time limit a run ends in order, and the next one seals', async () => {
  const { errors, outcomes, unfinished } = await (stalled ?? expect.fail());
  expect(errors).toEqual(STALLED.map(() => 'time-limit'));
  expect(outcomes).toEqual(STALLED.map(() => ['failed', 'sealed']));
  expect(unfinished).toEqual([]);
});

test.each([1000, 3 * PART])('credentials that end as %i bytes are read are no refusal', async (size) => {
  const key = `expired/${size}`;
  const [content, before] = [randomBytes(size), bench.reports.length];
  let isExpired = false;
  bench.fail.before = ({ operation, service }) => {
    isExpired ||= operation === 'GetObject';
    if (isExpired && service === 'oss' && bench.reports.length === before)
      throw new OssError('SecurityTokenExpired');
  };
  await upload(bench, key, content);
  bench.fail.before = undefined;
  expect(linesOf(bench, key)).toMatchObject([
    { outcome: 'failed', code: 'credentials-expired' },
    { outcome: 'sealed' },
  ]);
  expect((await opened(bench, key)).equals(content)).toBe(true);
});

/** Calls that are never answered in a first run, and the bytes of an upload that takes them. */
const STALLED: [operation: string, size: number][] = [
  ['ListObjectVersions', 10],
  ['PutObject', 10],
  ['UploadPart', 2 * PART],
  ['CompleteMultipartUpload', 2 * PART],
];

/** What comes of it when runs have eight seconds. */
async function stalledRuns() {
  const own = await deployBench({ edit: (sYaml) => sYaml.replace('timeout: 3600', 'timeout: 8') });
  const holds = STALLED.map(([operation]) => hold(own, isOfRunFor(operation)));
  await Promise.all(STALLED.map(([key, size]) => own.inbox.put(key, randomBytes(size), {})));
  await own.cloud.idle();
  const unfinished = await unfinishedIn(own.vault);
  for (const { release } of holds) release();
  await own.close();
  return {
    errors: own.reports.flatMap(({ error }) => error?.errorType ?? []),
    outcomes: STALLED.map(([key]) => outcomesOf(own, key)),
    unfinished,
  };
}

/** A call of that name by the run for the key of the same name. */
function isOfRunFor(name: string) {
  return ({ operation, key, query, principal }: Call) =>
    operation === name && (key ?? query.prefix) === name && principal.includes('oss-envelope-encrypt');
}
