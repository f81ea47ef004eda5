import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { callerOf } from '../../../cli/cloud/caller';
import { credentialsOf } from '../../../cli/session/credentials';
import { proxyOf, send } from '../../../functions/cloud/agents';
import { fcClient } from '../../../functions/cloud/fc-client';
import { fcOf, functionsAt } from '../../../functions/cloud/functions';
import { keysAt } from '../../../functions/cloud/keys';
import { callMns } from '../../../functions/cloud/mns-call';
import { ossClient } from '../../../functions/cloud/oss-client';
import { ossFault } from '../../../functions/cloud/oss-fault';
import { asFault } from '../../../functions/fault';
import { startProxy, type TestProxy } from '../../proxy';
import { callOnce, service } from '../../services';

let proxy: TestProxy;
beforeAll(async () => {
  proxy = await startProxy('nobody');
});
afterAll(() => proxy.close());
afterEach(() => vi.unstubAllEnvs());

function stub(variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

const OSS = 'https://b.oss-cn-hangzhou.aliyuncs.com';
const P = 'http://p:3128/';

test.each<[Record<string, string>, string, string | undefined]>([
  [{}, OSS, undefined],
  [{ HTTPS_PROXY: '' }, OSS, undefined],
  [{ HTTPS_PROXY: 'http://p:3128' }, OSS, P],
  [{ HTTPS_PROXY: 'p:3128' }, OSS, P],
  [{ https_proxy: 'http://p:3128', HTTPS_PROXY: 'http://other' }, OSS, P],
  [{ HTTP_PROXY: 'http://p:3128' }, OSS, undefined],
  [{ HTTP_PROXY: 'http://p:3128' }, 'http://credentials.example.com', P],
  [{ HTTPS_PROXY: 'https://a:b@p:3128' }, OSS, 'https://a:b@p:3128/'],
  [{ HTTPS_PROXY: P, NO_PROXY: '*' }, OSS, undefined],
  [{ HTTPS_PROXY: P, NO_PROXY: 'other.com, aliyuncs.com' }, OSS, undefined],
  [{ HTTPS_PROXY: P, no_proxy: '.ALIYUNCS.com' }, OSS, undefined],
  [{ HTTPS_PROXY: P, NO_PROXY: '*.aliyuncs.com' }, OSS, undefined],
  [{ HTTPS_PROXY: P, NO_PROXY: 'yuncs.com' }, OSS, P],
  [{ HTTPS_PROXY: P, NO_PROXY: 'oss-cn-hangzhou.aliyuncs.com:443' }, OSS, undefined],
  [{ HTTPS_PROXY: P, NO_PROXY: 'oss-cn-hangzhou.aliyuncs.com:80' }, OSS, P],
  [{ HTTPS_PROXY: P, NO_PROXY: ',,' }, OSS, P],
  [{ HTTP_PROXY: P }, 'http://127.0.0.1:9000', undefined],
  [{ HTTP_PROXY: P }, 'http://inbox.localhost:9000', undefined],
  [{ HTTP_PROXY: P }, 'http://[::1]:9000', undefined],
  [{ HTTP_PROXY: P }, 'http://100.100.100.200/latest', undefined],
])('%j: %s is asked through %s', (variables, url, expected) => {
  stub(variables);
  expect(proxyOf(url)?.href).toBe(expected);
});

test.each(['socks5://p:1080', 'http://', 'http://a:50%@p:3128'])('%s is refused unquoted', (HTTPS_PROXY) => {
  stub({ HTTPS_PROXY });
  expect(() => proxyOf(OSS)).toThrow(
    'Cannot use HTTPS_PROXY: it must be http[s]://[user:password@]host:port',
  );
});

const credentials = { accessKeyId: 'id', accessKeySecret: 'secret' };
const region = 'cn-nowhere';
const identity = { credentials, region };
const place = { endpoint: 'https://mns.nowhere.test', now: () => new Date() };

/** A call of each service, and the host that it is of. */
const CALLS: [string, () => Promise<unknown>][] = [
  [
    'bucket.oss.nowhere.test',
    () =>
      ossClient(identity, { endpoint: 'https://oss.nowhere.test', bucket: 'bucket' })
        .head('key', {})
        .catch((error: unknown) => Promise.reject(ossFault('look', error))),
  ],
  ['kms.nowhere.test', () => keys().generate('alias/k', { bucket: 'b', key: 'k' } as never)],
  ['sts.nowhere.test', () => callerOf(identity, 'https://sts.nowhere.test')],
  ['mns.nowhere.test', () => callMns('look', identity, place, { method: 'GET', resource: '/' })],
  ['any.nowhere.test', () => send('https://any.nowhere.test', {})],
  [
    'fc.nowhere.test',
    () =>
      functionsAt(
        fcOf(service(fcClient({ accountId: '1', ...identity }, 'https://fc.nowhere.test'))),
      ).invokeLater('f', ''),
  ],
];

const keys = () =>
  keysAt({
    region,
    accountId: '1',
    identity: async () => identity,
    endpoint: 'https://kms.nowhere.test',
    retry: callOnce,
  });

test.each(CALLS)(
  '%s: a proxy that refuses, or is not there, is named, and its password is not',
  async (host, call) => {
    const failing = () => call().catch((error: unknown) => asFault(error));
    stub({ HTTPS_PROXY: `http://alice:secret@127.0.0.1:${proxy.port}` });
    expect(await failing()).toMatchObject({
      code: 'proxy-refused',
      message: 'Cannot reach the service: the proxy refuses (407)',
      detail: `${host} through http://127.0.0.1:${proxy.port}`,
    });
    expect(proxy.asked.at(-1)).toBe(host);
    stub({ HTTPS_PROXY: 'http://alice:secret@127.0.0.1:2' });
    expect(await failing()).toMatchObject({
      code: 'proxy-unavailable',
      message: 'Cannot reach the service: the proxy does not answer (ECONNREFUSED)',
      detail: `${host} through http://127.0.0.1:2`,
    });
  },
);

test('the library that finds credentials asks STS through it, and is refused by it in words', async () => {
  const token = join(await mkdtemp(join(tmpdir(), 'agents-')), 'token');
  await writeFile(token, 'token');
  stub({
    HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    ALIBABA_CLOUD_OIDC_TOKEN_FILE: token,
    ALIBABA_CLOUD_ROLE_ARN: 'acs:ram::1:role/r',
    ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'acs:ram::1:oidc-provider/p',
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true',
    ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true',
    HOME: '/nonexistent',
  });
  await expect(credentialsOf(undefined)()).rejects.toMatchObject({
    code: 'no-credentials',
    detail: expect.stringContaining('Cannot reach the service: the proxy refuses (407)'),
  });
});
