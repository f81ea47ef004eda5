import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import FC from '@alicloud/fc2';
import type OSS from 'ali-oss';
import { loggedKey } from '../functions/log';
import type { Report } from '../infra/local/fc/server';
import type { Call, Hooks } from '../infra/local/gateway/hooks';
import type { Seed } from '../infra/local/seed';
import { acs3Headers } from '../infra/run/acs3';
import { DEAD_LETTERS, DOWNLOADS, deployLocally, INBOX, type LocalDeployment } from '../infra/run/deployment';
import { formsOfContent, formsOfName, leaksOf, signaturesIn } from './leaks';

/** The built functions on a local cloud of the test's own, and what the test does to it. */
export type Bench = LocalDeployment & {
  data: string;
  reports: Report[];
  /** Every call the cloud has taken. */
  calls: Call[];
  /** Set to make a call fail before it is applied. */
  fail: { before?: NonNullable<Hooks['before']> | undefined };
  /** What no log and no journal may hold; see `leaksOf`. */
  secrets: Set<string>;
};

/** Bytes of plaintext in a part: eight chunks, so that small objects have many parts. */
export const PART = 131_072;

export type Deploying = {
  /** Variables for s.yaml, over those of the local deployment. */
  env?: Record<string, string>;
  /** Changes the text of s.yaml. */
  edit?: (sYaml: string) => string;
};

/** Closing it fails where a log or the journal holds a secret; with ENVELOPE_LOG_KEYS=hash from the start, where a log holds a key. */
export async function deployBench({
  template = resolve('infra/template.yaml'),
  seed = {},
  ...changes
}: { template?: string; seed?: Seed } & Deploying = {}): Promise<Bench> {
  const data = await mkdtemp(join(tmpdir(), 'oss-envelope-test-'));
  const [reports, calls, fail]: [Report[], Call[], Bench['fail']] = [[], [], {}];
  const local = await deployLocally({
    data,
    sYaml: resolve('s.yaml'),
    template,
    seed,
    runtime: resolve('dist/local/runtime.js'),
    variables: { ENVELOPE_PART_BYTES: String(PART) },
    retryDelayMs: 0,
    onReport: (report) => reports.push(report),
    hooks: {
      before: (call) => {
        calls.push(call);
        return fail.before?.(call);
      },
    },
  });
  const secrets = new Set([local.owner.credentials.accessKeySecret]);
  async function close(): Promise<void> {
    await local.close();
    await rm(data, { recursive: true });
    const leaks = leaksOf({ ...bench, names: namesIn(calls, changes.env?.ENVELOPE_LOG_KEYS === 'hash') });
    if (leaks.length > 0)
      throw new Error(
        `Cannot let this pass: a secret is told of, or a field that infra/operating.md does not show\n${leaks.join('\n')}`,
      );
  }
  const bench = { ...local, data, reports, calls, fail, secrets, close };
  if (changes.env || changes.edit) await redeploy(bench, changes);
  return bench;
}

/** Forms of what no line of a function may tell: names of downloads, ids of uploads, and keys where they are hashed. */
function namesIn(calls: Call[], isHashed: boolean): Set<string> {
  const names = new Set<string>();
  for (const { bucket, key, query } of calls) {
    if (query.uploadId) names.add(query.uploadId);
    if (key && bucket === DOWNLOADS) names.add(key.slice(key.indexOf('/') + 1));
    else if (key && isHashed) names.add(key);
  }
  return new Set([...names].flatMap(formsOfName));
}

/** Deploys the functions again, changed: their URLs are others afterwards. */
export async function redeploy(
  bench: Bench,
  { env = {}, edit = (sYaml) => sYaml }: Deploying,
): Promise<void> {
  const file = join(bench.data, 's.yaml');
  const text = (await readFile('s.yaml', 'utf8')).replaceAll('./dist/', `${resolve('dist')}/`);
  await writeFile(file, edit(text));
  bench.fc = await bench.cloud.deploy(file, { ...bench.env, ...env });
  bench.decryptUrl = `${bench.fc.functions.get('oss-envelope-decrypt')?.httpUrl}/downloads`;
}

/** Fails the first `times` calls of an operation that functions make. */
export function failFirst({ fail }: Bench, times: number, operation: string, error: () => Error): void {
  let left = times;
  fail.before = (call) => {
    if (call.operation === operation && call.principal.includes('assumed-role') && left-- > 0) throw error();
  };
}

/** The last line that a function wrote, parsed. */
export function lastLine({ reports }: Bench): Record<string, unknown> {
  return JSON.parse(reports.at(-1)?.logs.at(-1) ?? '{}');
}

type Line = { outcome: string; key?: string; code?: string; retries?: number } & Record<string, unknown>;

/** The lines that functions wrote about a key, or its hash, oldest first; without a key all lines. */
export function linesOf({ reports }: Pick<Bench, 'reports'>, key?: string): Line[] {
  const lines = reports.flatMap(({ logs }) => logs).map((line): Line => JSON.parse(line));
  if (key === undefined) return lines;
  return lines.filter((line) => line.key === key || line.key === loggedKey(key, 'hash'));
}

export function outcomesOf(bench: Bench, key: string): string[] {
  return linesOf(bench, key).map(({ outcome }) => outcome);
}

/** What lies in the dead-letter queue, oldest first; with a key only what is about it. */
export function lettersOf({ cloud }: Bench, key?: string) {
  const letters = cloud.mns.peek(DEAD_LETTERS).map(({ body }) => JSON.parse(body));
  return letters
    .filter(({ requestPayload }) => key === undefined || requestPayload.includes(JSON.stringify(key)))
    .map((letter) => ({ ...letter, error: JSON.parse(letter.responsePayload) }));
}

/** The event of an upload to the inbox, as far as the encrypt function reads it. */
export function eventOf(...uploads: { key: string; eTag: string; versionId?: string }[]): string {
  const events = uploads.map((object) => ({
    eventName: 'ObjectCreated:PutObject',
    oss: { bucket: { name: INBOX }, object },
  }));
  return JSON.stringify({ events });
}

/** Holds back the first call that fits; `reached` resolves once it has come. Released, it is `then` applied or lost. */
export function hold(
  { fail }: Bench,
  fits: (call: Call) => boolean,
  then: 'applied' | 'lost' = 'applied',
): { reached: Promise<void>; release: () => void } {
  let [isDue, isReached, release] = [true, () => {}, () => {}];
  const reached = new Promise<void>((resolve) => {
    isReached = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const others = fail.before;
  fail.before = async (call) => {
    if (!isDue || !fits(call)) return (await others?.(call)) ?? undefined;
    isDue = false;
    isReached();
    await released;
    if (then === 'lost') throw new Error('The connection is lost');
    return undefined;
  };
  return { reached, release: () => release() };
}

/** Puts an object and waits until its event has been dealt with. */
export async function upload(
  bench: Bench,
  key: string,
  content: Buffer,
  headers: Record<string, string> = {},
): Promise<Uploaded> {
  keepSecret(bench, content);
  const uploaded = uploadedAs(key, await bench.inbox.put(key, content, { headers }));
  await bench.cloud.idle();
  return uploaded;
}

function keepSecret({ secrets }: Bench, content: Buffer): void {
  for (const form of formsOfContent(content)) secrets.add(form);
}

export type Uploaded = { key: string; versionId: string; eTag: string };

function uploadedAs(key: string, { res }: Awaited<ReturnType<OSS['put']>>): Uploaded {
  const { 'x-oss-version-id': versionId = '', etag = '' } = res.headers;
  return { key, versionId, eTag: etag.replaceAll('"', '') };
}

/** Puts an object of which nobody is told. */
export async function put(
  bench: Bench,
  key: string,
  content: Buffer,
  headers: Record<string, string> = {},
): Promise<Uploaded> {
  keepSecret(bench, content);
  const { faults } = bench.cloud;
  const silence = faults.add({ match: { service: 'event', key }, do: { drop: true } });
  const answer = await bench.inbox.put(key, content, { headers });
  faults.remove(silence);
  return uploadedAs(key, answer);
}

/** The plaintext of a key, as a download brings it. */
export async function opened(bench: Bench, key: string): Promise<Buffer> {
  const { status, json } = await ask(bench, { key });
  if (status !== 201) throw new Error(`Cannot open ${key}: ${JSON.stringify(json)}`);
  return bytesAt(json.url ?? '');
}

/** POST /downloads, signed by the account's owner. */
export async function ask({ decryptUrl, owner, secrets }: Bench, body: unknown) {
  const headers = acs3Headers('POST', decryptUrl, owner.credentials);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(decryptUrl, { method: 'POST', headers, body: text });
  const answer = await response.text();
  for (const signature of signaturesIn(answer)) secrets.add(signature);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    json: JSON.parse(answer) as Record<string, string>,
  };
}

export async function bytesAt(url: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(url)).arrayBuffer());
}

/** The versions of a key, delete markers too; of all keys where none is given. */
export async function versionsOf(client: OSS, key?: string) {
  const { objects, deleteMarker } = await client.getBucketVersions({ maxKeys: 1000 });
  return [...objects, ...deleteMarker].filter(({ name }) => key === undefined || name === key);
}

/** Keys with an unfinished multipart upload. */
export async function unfinishedIn(client: OSS): Promise<string[]> {
  return (await client.listUploads({ 'max-uploads': 1000 })).uploads.map(({ name }) => name);
}

/** InvokeFunction by the SDK of Function Compute, which waits for the answer. */
export async function invoke(bench: Bench, name: string, payload: string) {
  const { headers, data } = await invocation(bench, name, payload, {});
  return { errorType: headers['x-fc-error-type'], data };
}

/** The same without waiting, then waits until it has been dealt with. */
export async function invokeLater(bench: Bench, name: string, payload: string): Promise<void> {
  await invocation(bench, name, payload, { 'x-fc-invocation-type': 'Async' });
  await bench.cloud.idle();
}

function invocation(
  { fc, owner, cloud }: Bench,
  name: string,
  payload: string,
  headers: Record<string, string>,
) {
  const { accessKeyId: accessKeyID, accessKeySecret } = owner.credentials;
  const client = new FC(cloud.accountId, {
    accessKeyID,
    accessKeySecret,
    region: cloud.region,
    endpoint: fc.endpoint,
  });
  client.version = '2023-03-30';
  return client.request('POST', `/functions/${name}/invocations`, {}, payload, headers);
}
