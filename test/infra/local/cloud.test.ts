import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, Server as HttpServer } from 'node:http';
import { type AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import Kms, { CreateKeyRequest } from '@alicloud/kms20160120';
import { Config } from '@alicloud/rpc-client';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type Cloud, type CloudOptions, startCloud } from '../../../infra/local/cloud';
import type { Fc, Report } from '../../../infra/local/fc/server';
import { buildRuntime, httpTrigger, ossTrigger, writeApp } from './fc/running-fc';
import { newFolder } from './new-folder';
import { createClient } from './oss/client';

let runtime: string;
beforeAll(async () => {
  runtime = await buildRuntime(await newFolder());
});

const logEvent = {
  code: `exports.handler = async (event) => console.log(event.toString());`,
  triggers: [ossTrigger('inbox')],
};

async function start(options: Partial<CloudOptions> & { data: string }) {
  const reports: Report[] = [];
  const cloud = await startCloud({
    runtime,
    retryDelayMs: 0,
    onReport: (r) => void reports.push(r),
    ...options,
  });
  return Object.assign(cloud, { reports });
}

const ossOf = ({ oss, root }: Cloud) =>
  createClient({ endpoint: oss.endpoint, bucket: 'inbox', credentials: root });
const eventsOf = (reports: Report[]) =>
  reports.flatMap(({ logs }) => logs.map((line) => JSON.parse(line).events[0]));
const keysOf = (reports: Report[]) =>
  eventsOf(reports)
    .map(({ oss }) => oss.object.key)
    .sort();

test('every server gives up slow headers, lets as many wait as the system does, and answers /%ff', async () => {
  const listen = vi.spyOn(Server.prototype, 'listen');
  const data = await newFolder();
  const cloud = await start({ data, control: true });
  const handler = { code: 'exports.handler = async (event) => event;', triggers: [httpTrigger('anonymous')] };
  const fc = await cloud.deploy(await writeApp(join(data, 'app'), { handler }), {});
  const domain = await cloud.oss.bindDomain('inbox');
  const { calls, contexts } = listen.mock;
  listen.mockRestore();
  const web = calls.flatMap(([options], index) => {
    const server = contexts[index];
    return server instanceof HttpServer ? [{ ...Object(options), server }] : [];
  });
  const { kms, mns, sts, control, oss } = cloud;
  const urls = [kms, mns, sts, control ?? kms, fc].map(({ endpoint }) => endpoint);
  const all = [...urls, oss.endpoint, domain, fc.functions.get('handler')?.httpUrl ?? ''];
  expect(web.map(({ server }) => server.address().port).sort()).toEqual(
    all.map((url) => Number(new URL(url).port)).sort(),
  );
  for (const { backlog, server } of web) expect([backlog, server.headersTimeout]).toEqual([65_535, 60_000]);
  const signed = { authorization: `FC ${cloud.root.accessKeyId}:x`, date: new Date().toUTCString() };
  for (const url of all) {
    const { status } = await fetch(`${url}/%ff`, { headers: signed });
    expect([url, status]).toEqual([url, 400]);
  }
  await cloud.close();
});

test('what was deployed runs on, whatever becomes of its folder until the next deployment [documented]', async () => {
  const data = await newFolder();
  const app = join(data, 'app');
  const own = join(app, 'its/data');
  const saying = (word: string) => `exports.handler = async () => require('./word') + '${word}';`;
  const say = { code: saying('first'), triggers: [httpTrigger('anonymous')], props: { code: '.' } };
  const sYaml = await writeApp(app, { say });
  const said = async (word: string) => {
    await writeFile(join(app, 'index.js'), saying(word));
    await writeFile(join(app, 'word.js'), `module.exports = '${word} '`);
  };
  await said('first');
  const copied = join(data, 'runtime.js');
  await copyFile(runtime, copied);
  const cloud = await start({ data: own, runtime: copied });
  const answer = async (fc: Fc) => (await fetch(fc.functions.get('say')?.httpUrl ?? '')).text();
  const fc = await cloud.deploy(sYaml, {});
  await said('second');
  await rm(copied);
  expect(await answer(fc)).toBe('first first');
  await copyFile(runtime, copied);
  expect(await answer(await cloud.deploy(sYaml, {}))).toBe('second second');
  await cloud.close();
});

describe('events', () => {
  test('an upload runs the function with its event, whole [documented]', async () => {
    const data = await newFolder();
    const cloud = await start({ data });
    await ossOf(cloud).putBucket('inbox');
    await cloud.deploy(await writeApp(join(data, 'app'), { log: logEvent }), {});
    await ossOf(cloud).put('a b/ü%20.txt', Buffer.from('hello'));
    await cloud.idle();
    await cloud.close();
    expect(eventsOf(cloud.reports)).toMatchObject([
      {
        eventName: 'ObjectCreated:PutObject',
        eventSource: 'acs:oss',
        region: 'cn-hangzhou',
        oss: { bucket: { name: 'inbox' }, object: { key: 'a b/ü%20.txt', size: 5 } },
      },
    ]);
  });

  test('what was uploaded before the deployment is delivered after it, a restart between them or not [assumed]', async () => {
    const data = await newFolder();
    const sYaml = await writeApp(join(data, 'app'), { log: logEvent });
    const first = await start({ data });
    await ossOf(first).putBucket('inbox');
    await ossOf(first).put('before the restart', Buffer.from('1'));
    await first.close();
    const second = await start({ data });
    await ossOf(second).put('after the restart', Buffer.from('2'));
    await second.deploy(sYaml, {});
    await second.idle();
    await second.deploy(sYaml, {});
    await second.idle();
    await second.close();
    expect(keysOf(second.reports)).toEqual(['after the restart', 'before the restart']);
    expect(await readdir(join(data, 'fc', 'kept'))).toEqual([]);
  });

  test('a redeployment replaces the functions and loses no event [assumed]', async () => {
    const data = await newFolder();
    const cloud = await start({ data });
    await ossOf(cloud).putBucket('inbox');
    const hanging = { ...logEvent, code: `exports.handler = () => new Promise(() => {});` };
    await cloud.deploy(await writeApp(join(data, 'one'), { log: hanging }), {});
    await ossOf(cloud).put('hangs', Buffer.from('1'));
    const fc = await cloud.deploy(
      await writeApp(join(data, 'two'), {
        log: { ...logEvent, triggers: [...logEvent.triggers, httpTrigger('anonymous')] },
      }),
      {},
    );
    await cloud.idle();
    await cloud.close();
    expect(fc.functions.get('log')?.httpUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(keysOf(cloud.reports.filter(({ error }) => !error))).toEqual(['hangs']);
  });
});

test("a function opens the role's credentials at OSS and KMS of the same cloud [documented]", async () => {
  const data = await newFolder();
  const cloud = await start({ data });
  const code = `exports.handler = async (event, { credentials }) => console.log(JSON.stringify(credentials));`;
  const props = { role: 'fc-log' };
  await cloud.deploy(await writeApp(join(data, 'app'), { log: { ...logEvent, code, props } }), {});
  await ossOf(cloud).putBucket('inbox');
  await ossOf(cloud).put('a', Buffer.from('1'));
  await cloud.idle();
  const credentials = { arn: '', ...JSON.parse(cloud.reports[0]?.logs[0] ?? '') };
  const asRole = createClient({ endpoint: cloud.oss.endpoint, bucket: 'inbox', credentials });
  expect((await asRole.get('a')).content.toString()).toBe('1');
  const endpoint = new URL(cloud.kms.endpoint).host;
  const kms = new Kms(new Config({ ...credentials, endpoint, protocol: 'HTTP', regionId: cloud.region }));
  expect((await kms.createKey(new CreateKeyRequest({}))).keyMetadata.creator).toBe(cloud.accountId);
  await cloud.close();
});

describe('starting', () => {
  test("a second cloud in the same folder is refused by the first one's process id [assumed]", async () => {
    const data = await newFolder();
    const cloud = await start({ data });
    await expect(start({ data })).rejects.toThrow(`process ${process.pid} runs a cloud in it`);
    await cloud.close();
    await (await start({ data })).close();
  });

  test('whatever was there, the services keep their files from others; halves of files are removed [assumed]', async () => {
    const data = await newFolder();
    for (const service of ['fc', 'oss', 'kms']) await mkdir(join(data, service), { mode: 0o755 });
    await mkdir(join(data, 'fc/kept'), { mode: 0o700 });
    await chmod(data, 0o755);
    await writeFile(join(data, 'mine.txt'), '');
    await writeFile(join(data, 'fc/kept', `${randomUUID()}.tmp`), '{"half');
    const cloud = await start({ data });
    await ossOf(cloud).putBucket('inbox');
    await ossOf(cloud).put('a', Buffer.from('plaintext'));
    await cloud.idle();
    await cloud.close();
    const found = await readdir(data, { recursive: true, withFileTypes: true });
    const open = [];
    for (const entry of found) {
      const { mode } = await stat(join(entry.path, entry.name));
      if ((mode & 0o077) !== 0) open.push(join(entry.path, entry.name));
    }
    expect(found.length).toBeGreaterThan(10);
    expect(found.filter(({ name }) => name.endsWith('.tmp'))).toEqual([]);
    expect(open).toEqual([join(data, 'mine.txt')]);
  });

  test('a port in use is one clear sentence, and everything is closed again [assumed]', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const data = await newFolder();
    for (const [service, ports] of Object.entries({ KMS: { kms: port }, OSS: { oss: port } })) {
      await expect(start({ data, ports })).rejects.toThrow(`Cannot start ${service}: port ${port} is in use`);
    }
    const sYaml = await writeApp(join(data, 'app'), {
      log: { ...logEvent, triggers: [httpTrigger('anonymous')] },
    });
    for (const ports of [{ fc: port }, { http: { log: port } }]) {
      const cloud = await start({ data, ports });
      await expect(cloud.deploy(sYaml, {})).rejects.toThrow(`Cannot start FC: port ${port} is in use`);
      await cloud.close();
    }
    server.close();
  });
});
