import { once } from 'node:events';
import https from 'node:https';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callerOf } from '../../cli/cloud/caller';
import { originOfFile } from '../../cli/envelope/place';
import { asFailure, EXIT } from '../../cli/terminal/failure';
import { fcClient } from '../../functions/cloud/fc-client';
import { fcOf, functionsAt } from '../../functions/cloud/functions';
import { keysAt } from '../../functions/cloud/keys';
import { callMns } from '../../functions/cloud/mns-call';
import { ossClient } from '../../functions/cloud/oss-client';
import { ossFault } from '../../functions/cloud/oss-fault';
import { unanswered } from '../../functions/cloud/unanswered';
import { Fault, type FaultCode } from '../../functions/fault';
import { callOnce, service } from '../services';

const region = 'cn-hangzhou';
const identity = { region, credentials: { accessKeyId: 'id', accessKeySecret: 'secret' } };
const account = { ...identity, accountId: '1' };

/** One call of each service, by its real client. */
const SERVICES: Record<string, (endpoint: string) => Promise<unknown>> = {
  OSS: (endpoint) =>
    ossClient(identity, { endpoint, bucket: 'a-vault', addressing: 'path' })
      .head('key', {})
      .catch((error) => Promise.reject(ossFault('read the envelope', error))),
  KMS: (endpoint) =>
    keysAt({ ...account, identity: async () => identity, endpoint, retry: callOnce }).generate(
      'alias/a',
      {} as never,
    ),
  FC: (endpoint) => functionsAt(fcOf(service(fcClient(account, endpoint)))).invokeLater('a-function', '{}'),
  MNS: (endpoint) =>
    callMns('look', identity, { endpoint, now: () => new Date() }, { method: 'GET', resource: '/' }),
  STS: (endpoint) => callerOf(identity, endpoint),
};

/** Of an authority that nobody knows, for another name. */
const TLS = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgC9908FKDfL55+CJz
r/MIO60IepU+QmhxkqqU1K9VyrehRANCAAQY9vA8nuA1IgPi676kTvqEOGE5Ff/p
oCW/QJpjZzRe7igIMoya7pDkDF3t6HHIMi+a9/Yf4ndTAvqZu8jek3HH
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBiDCCAS+gAwIBAgIUARoQ0xL+kQxLprHXvmaBGS5kDZYwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwObm9ib2R5LmV4YW1wbGUwIBcNMjYxMjAxMTQyOTQwWhgPMjEy
NjExMDcxNDI5NDBaMBkxFzAVBgNVBAMMDm5vYm9keS5leGFtcGxlMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEGPbwPJ7gNSID4uu+pE76hDhhORX/6aAlv0CaY2c0
Xu4oCDKMmu6Q5Axd7ehxyDIvmvf2H+J3UwL6mbvI3pNxx6NTMFEwHQYDVR0OBBYE
FGzE9pMA5hBGdepBkHuahhSNMcl4MB8GA1UdIwQYMBaAFGzE9pMA5hBGdepBkHua
hhSNMcl4MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgckDZF//9
X5lwSyXJAKn7LCmVCq0Af/dhW0bWZCm7FfQCIBXoxnOb1pU4siAH2kB0HwQBaAAb
G6TLKIIeYHUa8/wq
-----END CERTIFICATE-----`,
};

let untrusted: string;
let hangingUp: string;
let closed: string;
let verbose: string;
const servers: Server[] = [];
beforeAll(async () => {
  untrusted = await hostOf(https.createServer(TLS));
  hangingUp = await hostOf(createServer((socket) => socket.once('data', () => socket.destroy())));
  const headers = `HTTP/1.1 200 OK\r\nX-Large: ${'x'.repeat(70_000)}\r\n\r\n`;
  verbose = await hostOf(
    createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(headers))),
  );
  closed = await hostOf(createServer());
  servers.pop()?.close();
});
afterAll(() => {
  for (const server of servers) server.close();
});

async function hostOf(server: Server): Promise<string> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

describe.each(Object.entries(SERVICES))('%s', (_, call) => {
  const failureOf = async (endpoint: string) =>
    asFailure(await call(endpoint).catch((error: unknown) => error));

  test('refuses the connection', async () => {
    const { message, exit, todo } = await failureOf(`http://${closed}`);
    expect(message).toMatch(`: ${closed} refuses the connection`);
    expect([exit, todo]).toEqual([EXIT.tryAgain, expect.stringContaining('firewall')]);
  });

  test('ends the connection', async () => {
    const { message, exit } = await failureOf(`http://${hangingUp}`);
    expect(message).toMatch(`: ${hangingUp} ended the connection`);
    expect(exit).toBe(EXIT.tryAgain);
  });

  test('answers with more headers than are read', async () => {
    const { message } = await failureOf(`http://${verbose}`);
    expect(message).toMatch(`: ${verbose} answers with more headers than are read`);
  });

  test('has a certificate that nobody here trusts', async () => {
    const { message, code, exit, todo } = await failureOf(`https://${untrusted}`);
    expect(message).toMatch(`: the certificate of ${untrusted} is not trusted`);
    expect([code, exit]).toEqual(['certificate-refused', EXIT.failed]);
    expect(todo).toContain('NODE_EXTRA_CA_CERTS');
  });

  test('has a name that nobody knows', async () => {
    const { message, code, exit } = await failureOf('https://no-such-host.invalid');
    // Where there is no DNS at all, nobody can say so.
    const isKnown = code === 'host-unknown' && exit === EXIT.failed;
    expect([isKnown || exit === EXIT.tryAgain, message]).toEqual([
      true,
      expect.stringMatching(/: (there is no host|the address of) no-such-host\.invalid/),
    ]);
  });
});

describe('what Node and OpenSSL call it', () => {
  test.each([
    ['ENOTFOUND', 'there is no host h', 'host-unknown', EXIT.failed],
    ['EAI_AGAIN', 'the address of h cannot be looked up', 'oss-unavailable', EXIT.tryAgain],
    ['ETIMEDOUT', 'h did not answer in time', 'oss-unavailable', EXIT.tryAgain],
    ['UND_ERR_CONNECT_TIMEOUT', 'h did not answer in time', 'oss-unavailable', EXIT.tryAgain],
    ['ENETUNREACH', 'no way leads to h', 'oss-unavailable', EXIT.tryAgain],
    ['CERT_HAS_EXPIRED', 'the certificate of h has expired', 'certificate-refused', EXIT.failed],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'h shows the certificate of another host',
      'certificate-refused',
      EXIT.failed,
    ],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'the certificate of h is not trusted', 'certificate-refused', EXIT.failed],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'the certificate of h is not trusted',
      'certificate-refused',
      EXIT.failed,
    ],
    ['EPROTO', 'h does not speak TLS', 'certificate-refused', EXIT.failed],
    ['EMFILE', 'too many files and connections are open', 'too-many-files', EXIT.failed],
  ])('%s: %s', (code, why, told, exit) => {
    const error = new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) });
    const { why: reason, ...said } = unanswered(error, 'h');
    const failure = asFailure(
      new Fault('oss-unavailable', `Cannot look: ${reason}`, { doing: 'look', ...said }),
    );
    expect([reason, failure.code, failure.exit, failure.detail]).toEqual([why, told, exit, `${code} h`]);
  });

  test('the deadline of a client', () => {
    const error = Object.assign(new Error('ConnectTimeout: Connect https://h/?Signature=s failed.'), {
      name: 'RequestTimeoutError',
    });
    expect(unanswered(error, 'KMS')).toEqual({
      why: 'h did not answer in time',
      code: 'RequestTimeoutError',
      more: 'h',
    });
  });
});

describe('who asks is not known', () => {
  test.each([
    ['oss-refused', 403, 'InvalidAccessKeyId', '0002-00000902'],
    ['oss-refused', 403, 'SignatureDoesNotMatch'],
    ['kms-refused', 404, 'InvalidAccessKeyId.NotFound'],
    ['kms-refused', 400, 'IncompleteSignature'],
    ['fc-refused', 403, 'InvalidAccessKeyID'],
    ['fc-refused', 403, 'SignatureNotMatch'],
    ['mns-refused', 403, 'InvalidAccessKeyId'],
  ] as const)('%s %s %s: credentials-refused', (code, status, called, more?: string) => {
    const said = { doing: 'look', status, code: called, more };
    const failure = asFailure(new Fault(code, 'Cannot look: refused', said));
    expect([failure.code, failure.exit, failure.todo, failure.detail]).toEqual([
      'credentials-refused',
      EXIT.notAllowed,
      expect.stringContaining('check the access key'),
      [status, called, ...(more ? [more] : [])].join(' '),
    ]);
  });

  test('whatever the name of what was asked for says', () => {
    const doing = "read oss://b/the role's token: 403 RequestTimeTooSkewed: x";
    const message = (code: FaultCode, called: string) =>
      asFailure(new Fault(code, `Cannot ${doing}: why: not`, { doing, status: 403, code: called })).message;
    expect(message('credentials-expired', 'InvalidSecurityToken')).toBe(
      `Cannot ${doing}: the token has expired`,
    );
    expect(message('oss-refused', 'SignatureDoesNotMatch')).toBe(
      `Cannot ${doing}: the service does not know these credentials, or does not know them any more`,
    );
    expect(message('oss-refused', 'AccessDenied')).toBe(`Cannot ${doing}: why: not`);
  });
});

describe('what is wrong with this machine is no fault of a service', () => {
  test.each([
    ['EMFILE', 'too-many-files'],
    ['ENFILE', 'too-many-files'],
    ['ENAMETOOLONG', 'name-too-long'],
    ['ENOMEM', 'memory-short'],
    ['ERR_MEMORY_ALLOCATION_FAILED', 'memory-short'],
    ['ENOSPC', 'disk-full'],
    ['ESTALE', 'file-unreadable'],
  ])('%s: %s', (code, told) => {
    const failure = asFailure(Object.assign(new Error(), { code }), { doing: 'read it' });
    expect([failure.code, failure.exit]).toEqual([told, EXIT.failed]);
    expect(failure.message).toMatch(/^Cannot read it: /);
  });

  test('what nobody foresaw neither', () => {
    const { code, exit, message } = asFailure(new TypeError('https://h/?Signature=s'));
    expect([code, exit, message]).toEqual([
      'unforeseen',
      EXIT.failed,
      'Cannot finish: nobody foresaw this error',
    ]);
  });

  const at = (year: number) => new Date(new Date(0).setUTCFullYear(year));

  test.each([
    [300_000, 'date-unsupported'],
    [10_000, 'date-unsupported'],
    [9999, undefined],
    [1, undefined],
    [0, 'date-unsupported'],
    [-5, 'date-unsupported'],
  ])('a file of the year %i: %s', (year, told) => {
    const origin = () => originOfFile({ name: 'a', size: 0, modifiedAt: at(year) });
    if (told === undefined) expect(origin().lastModified).toMatch(/^\d{4}-/);
    else expect(origin).toThrowError(expect.objectContaining({ code: told, exit: EXIT.failed }));
  });
});
