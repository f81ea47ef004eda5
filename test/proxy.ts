import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localCloudOf } from '../infra/run/running';
import type { Bench } from './deployment';
import { forward } from './wire';

export type TestProxy = {
  port: number;
  /** The hosts that it was asked for. */
  asked: string[];
  /** Where its certificate of the services' names lies: NODE_EXTRA_CA_CERTS. */
  certificate: string;
  close: () => void;
};

/**
 * Opens tunnels to the services of Alibaba Cloud for a user, and has the local cloud behind their names; without a bench it
 * refuses everybody.
 */
export async function startProxy(user: string, bench?: Bench): Promise<TestProxy> {
  const { key, certificate } = bench ? makeCertificate() : { key: '', certificate: '' };
  const inside = createSecure(
    bench ? { key: readFileSync(key), cert: readFileSync(certificate) } : {},
    (incoming, outgoing) =>
      void forward(incoming, outgoing, portOf(bench as Bench, incoming.headers.host ?? '')),
  );
  const asked: string[] = [];
  const server = createServer().on('connect', ({ url = '', headers }, socket) => {
    asked.push(url.replace(/:443$/, ''));
    const [, base64 = ''] = (headers['proxy-authorization'] ?? '').split('Basic ');
    if (!bench || Buffer.from(base64, 'base64').toString() !== user)
      return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    socket.on('error', () => {}).write('HTTP/1.1 200 Connection established\r\n\r\n');
    inside.emit('connection', socket);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const close = () => {
    server.close();
    server.closeAllConnections();
    inside.closeAllConnections();
  };
  return { port: (server.address() as AddressInfo).port, asked, certificate, close };
}

const NAMES = ['', '.oss-cn-hangzhou', '.cn-hangzhou', '.mns.cn-hangzhou', '.cn-hangzhou.fc'];

function makeCertificate(): { key: string; certificate: string } {
  const folder = mkdtempSync(join(tmpdir(), 'proxy-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const names = NAMES.map((name) => `DNS:*${name}.aliyuncs.com`).join(',');
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const what = ['-subj', '/CN=a proxy of tests', '-addext', `subjectAltName=${names}`];
  execFileSync('openssl', ['req', '-x509', ...kind, ...what, '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  });
  return { key, certificate };
}

function portOf({ cloud, fc }: Bench, host: string): number {
  const { ossEndpoint, kmsEndpoint, stsEndpoint, mnsEndpoint, fcEndpoint = '' } = localCloudOf(cloud, fc);
  const [, service = 'oss'] = /(?:^|\.)(kms|sts|mns|fc)\./.exec(host) ?? [];
  const all: Record<string, string> = {
    oss: ossEndpoint,
    kms: kmsEndpoint,
    sts: stsEndpoint,
    mns: mnsEndpoint,
    fc: fcEndpoint,
  };
  return Number(new URL(all[service] ?? '').port);
}
