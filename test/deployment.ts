import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import FC from '@alicloud/fc2';
import type OSS from 'ali-oss';
import { acs3Headers } from '../cli/acs3';
import { deployLocally, type LocalDeployment } from '../cli/local-deployment';
import type { Report } from '../infra/local/fc/server';
import type { Call, Hooks } from '../infra/local/hooks';

/** The built functions on a local cloud of the test's own, and what the test does to it. */
export type Bench = LocalDeployment & {
  data: string;
  reports: Report[];
  /** Every call the cloud has taken. */
  calls: Call[];
  /** Set to make a call fail before it is applied. */
  fail: { before?: NonNullable<Hooks['before']> | undefined };
};

/** Bytes of plaintext in a part: eight chunks, so that small objects have many parts. */
export const PART = 131_072;

export async function deployBench({ template }: { template?: string } = {}): Promise<Bench> {
  const data = await mkdtemp(join(tmpdir(), 'oss-envelope-test-'));
  const [reports, calls, fail]: [Report[], Call[], Bench['fail']] = [[], [], {}];
  const local = await deployLocally({
    data,
    sYaml: resolve('s.yaml'),
    ...(template !== undefined && { template }),
    runtime: resolve('dist/local/runtime.js'),
    partBytes: PART,
    retryDelayMs: 0,
    onReport: (report) => reports.push(report),
    hooks: {
      before: (call) => {
        calls.push(call);
        return fail.before?.(call);
      },
    },
  });
  const close = () => local.close().then(() => rm(data, { recursive: true }));
  return { ...local, data, reports, calls, fail, close };
}

/** Fails the first `times` calls of an operation. */
export function failFirst({ fail }: Bench, times: number, operation: string, error: () => Error): void {
  let left = times;
  fail.before = (call) => {
    if (call.operation === operation && left-- > 0) throw error();
  };
}

/** The last line that a function wrote, parsed. */
export function lastLine({ reports }: Bench): Record<string, unknown> {
  return JSON.parse(reports.at(-1)?.logs.at(-1) ?? '{}');
}

/** Puts an object and waits until its event has been dealt with. */
export async function upload(
  bench: Bench,
  key: string,
  content: Buffer,
  headers: Record<string, string> = {},
) {
  const { res } = await bench.inbox.put(key, content, { headers });
  await bench.cloud.idle();
  return {
    versionId: res.headers['x-oss-version-id'] ?? '',
    eTag: (res.headers.etag ?? '').replaceAll('"', ''),
  };
}

/** POST /downloads, signed by the account's owner. */
export async function ask({ decryptUrl, owner }: Bench, body: unknown) {
  const headers = acs3Headers('POST', decryptUrl, owner.credentials);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(decryptUrl, { method: 'POST', headers, body: text });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    json: (await response.json()) as Record<string, string>,
  };
}

export async function bytesAt(url: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(url)).arrayBuffer());
}

/** The versions of a key, delete markers too; of all keys where none is given. */
export async function versionsOf(client: OSS, key?: string) {
  const { objects = [], deleteMarker = [] } = await client.getBucketVersions({ 'max-keys': 1000 });
  return [...objects, ...deleteMarker].filter(({ name }) => key === undefined || name === key);
}

/** Keys with an unfinished multipart upload. */
export async function unfinishedIn(client: OSS): Promise<string[]> {
  return (await client.listUploads({ 'max-uploads': 1000 })).uploads.map(({ name }) => name);
}

/** InvokeFunction by the SDK of Function Compute. */
export async function invoke({ fc, owner, cloud }: Bench, name: string, payload: string) {
  const { accessKeyId: accessKeyID, accessKeySecret } = owner.credentials;
  const client = new FC(cloud.accountId, {
    accessKeyID,
    accessKeySecret,
    region: cloud.region,
    endpoint: fc.endpoint,
  });
  client.version = '2023-03-30';
  const { headers, data } = await client.request('POST', `/functions/${name}/invocations`, {}, payload, {});
  return { errorType: headers['x-fc-error-type'], data };
}
