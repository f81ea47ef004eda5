import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findLocalCloud } from '../../../cli/session/local-cloud';
import { createClient } from '../local/oss/client';

const hello = Buffer.from('hello');
const fixed = { accessKeyId: 'LTAIfixed', accessKeySecret: 'secret' };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oss-envelope-cloud-'));
  await build({
    entryPoints: { cloud: 'infra/run/cloud.ts', runtime: 'infra/local/fc/instances/runtime.ts' },
    ...{ outdir: folder, bundle: true, platform: 'node', target: 'node20', format: 'cjs' },
  });
});
afterAll(() => rm(folder, { recursive: true }));

type Run = { process: ChildProcessWithoutNullStreams; out: () => string; ended: Promise<number> };

/** What `npm run cloud` runs. */
function cloud(...args: string[]): Run {
  const data = join(folder, 'data');
  const child = spawn('node', [join(folder, 'cloud.js'), '--data', data, ...args], {
    env: { PATH: process.env.PATH },
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (out += text));
  return { process: child, out: () => out, ended: once(child, 'close').then(([code]) => code) };
}

async function up(...args: string[]): Promise<Run & { place: (name: string) => string }> {
  const run = cloud(...args);
  while (!run.out().includes('Ctrl-C stops everything')) await once(run.process.stdout, 'data');
  const place = (name: string) => new RegExp(`^${name} +(\\S+)`, 'm').exec(run.out())?.[1] ?? '';
  return { ...run, place };
}

async function stop({ process: child, ended }: Run): Promise<void> {
  child.kill('SIGINT');
  expect(await ended).toBe(130);
}

test("anyone's client works against it, with the keys it prints and those of the seed, and again after a restart", async () => {
  const seed = join(folder, 'seed.json');
  await writeFile(
    seed,
    JSON.stringify({ accessKeys: [fixed], buckets: [{ name: 'first', versioning: 'Enabled' }] }),
  );
  const run = await up('--seed', seed);
  const printed = /AccessKeyId (\S+) {2}AccessKeySecret (\S+)/.exec(run.out()) ?? [];
  const own = { accessKeyId: printed[1] ?? '', accessKeySecret: printed[2] ?? '', arn: '' };
  const options = { endpoint: run.place('OSS'), bucket: 'first' };
  await createClient({ ...options, credentials: own }).put('a', hello);
  const got = await createClient({ ...options, credentials: { ...fixed, arn: '' } }).get('a');
  expect(got.content.equals(hello)).toBe(true);
  const { entries } = (await (await fetch(`${run.place('control')}/journal`)).json()) as {
    entries: object[];
  };
  expect(entries).toMatchObject([{ operation: 'PutObject' }, { operation: 'GetObject', key: 'a' }]);
  expect(run.out()).not.toContain(fixed.accessKeySecret);
  await stop(run);

  const again = await up();
  const client = createClient({ endpoint: again.place('OSS'), bucket: 'first', credentials: own });
  expect((await client.get('a')).content.equals(hello)).toBe(true);
  await stop(again);
});

test('--port takes the ports from there on, --allow-v1 the old signatures', async () => {
  const port = await freePort();
  const run = await up('--port', String(port), '--data', join(folder, 'ports'), '--allow-v1');
  expect(['OSS', 'KMS', 'control', 'MNS', 'STS'].map(run.place)).toEqual([
    `http://localhost:${port}`,
    `http://127.0.0.1:${port + 1}`,
    `http://127.0.0.1:${port + 2}`,
    `http://127.0.0.1:${port + 3}`,
    `http://127.0.0.1:${port + 4}`,
  ]);
  const [, accessKeyId = '', accessKeySecret = ''] =
    /AccessKeyId (\S+) {2}AccessKeySecret (\S+)/.exec(run.out()) ?? [];
  const credentials = { accessKeyId, accessKeySecret, arn: '' };
  const client = createClient({
    endpoint: run.place('OSS'),
    bucket: 'old',
    credentials,
    authorizationV4: false,
  });
  expect((await client.putBucket('old')).res.status).toBe(200);
  await stop(run);
});

test('killed, it is not taken for one that runs; of two that begin at once then, one comes up', async () => {
  const data = join(folder, 'killed');
  const run = await up('--data', data);
  expect((await findLocalCloud(data)).ossEndpoint).toBe(run.place('OSS'));
  run.process.kill('SIGKILL');
  await run.ended;
  const none = { code: 'no-local-cloud', message: `Cannot find a local cloud: none runs in ${data}` };
  await expect(findLocalCloud(data)).rejects.toMatchObject(none);
  const two = [cloud('--data', data), cloud('--data', data)];
  const loser = await Promise.race(two.map((one) => one.ended.then(() => one)));
  expect(loser.out()).toContain(`Cannot use ${data}: `);
  const winner = two.find((one) => one !== loser) ?? loser;
  while (!winner.out().includes('Ctrl-C stops everything')) await once(winner.process.stdout, 'data');
  expect((await findLocalCloud(data)).ossEndpoint).toMatch(/^http:/);
  await stop(winner);
  await expect(findLocalCloud(data)).rejects.toMatchObject(none);
});

test('--s-yaml deploys functions', async () => {
  const app = join(folder, 'app');
  await mkdir(join(app, 'code'), { recursive: true });
  const code = `exports.handler = async () => process.env.ENDPOINT;`;
  await writeFile(join(app, 'code', 'index.js'), code);
  await writeFile(join(app, 's.yaml'), S_YAML);
  const port = await freePort();
  const run = await up(
    '--data',
    join(folder, 'deployed'),
    '--port',
    String(port),
    '--s-yaml',
    join(app, 's.yaml'),
  );
  const [, url = ''] = /function +told (\S+)/.exec(run.out()) ?? [];
  expect([run.place('FC'), url]).toEqual([`http://127.0.0.1:${port + 4}`, `http://127.0.0.1:${port + 5}`]);
  expect(await (await fetch(url)).text()).toBe(`http://localhost:${port}`);
  await stop(run);
});

const S_YAML = `
edition: 3.0.0
name: app
resources:
  told:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: told
      runtime: nodejs20
      handler: index.handler
      code: ./code
      memorySize: 128
      environmentVariables:
        ENDPOINT: \${env('ENVELOPE_OSS_ENDPOINT')}
      triggers:
        - triggerName: http
          triggerType: http
          triggerConfig:
            authType: anonymous
            methods: [GET]
`;

describe('what cannot be done is one clear line and exit code 1', () => {
  test.each([
    ['a bad port', ['--port', 'x'], 'Cannot listen on port x: give a number from 1 to 65531\n'],
    ['a port that leaves no room', ['--port', '65533'], 'give a number from 1 to 65531\n'],
    ['a missing seed', ['--seed', 'nowhere.json'], 'Cannot use seed nowhere.json: ENOENT'],
    ['a missing s.yaml', ['--s-yaml', 'nowhere.yaml'], 'ENOENT'],
    [
      'an unknown option',
      ['--prot', '1'],
      "Cannot understand the command line: unknown option '--prot'\nUsage: npm run cloud -- ",
    ],
  ])('%s', async (_, args, line) => {
    const run = cloud(...args);
    expect(await run.ended).toBe(1);
    expect(run.out()).toContain(line);
    expect(run.out().trim().split('\n').length).toBeLessThan(3);
  });
});

/** The first of six ports in a row that nobody listens on. */
async function freePort(): Promise<number> {
  const first = await listening(0);
  const others = [1, 2, 3, 4, 5].map((step) => listening(first.port + step));
  const settled = await Promise.allSettled([first, ...others]);
  for (const one of settled) if (one.status === 'fulfilled') one.value.server.close();
  return settled.every(({ status }) => status === 'fulfilled') ? first.port : freePort();
}

async function listening(port: number): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}
