import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export type FcRequest = { method: string; path: string; headers: IncomingHttpHeaders };

/** The signature of FC's own scheme (`Authorization: FC <ak>:<signature>`), base64, as @alicloud/fc2 makes it. */
export function fcSignature({ method, path, headers }: FcRequest, accessKeySecret: string): string {
  const { 'content-md5': md5 = '', 'content-type': type = '', date = '' } = headers;
  const own = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-fc-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${String(value)}\n`);
  const stringToSign = `${method}\n${md5}\n${type}\n${date}\n${own.join('')}${path}`;
  return createHmac('sha256', accessKeySecret).update(stringToSign).digest('base64');
}
