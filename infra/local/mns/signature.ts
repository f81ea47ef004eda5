import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** `resource`: path and query as sent. */
export type MnsRequest = { method: string; resource: string; headers: IncomingHttpHeaders };

/** The signature of `Authorization: MNS <access key id>:<signature>`, base64 (docs: "Sign requests"). */
export function mnsSignature({ method, resource, headers }: MnsRequest, accessKeySecret: string): string {
  const {
    'content-md5': md5 = '',
    'content-type': type = '',
    'x-mns-date': mnsDate,
    date = mnsDate,
  } = headers;
  const own = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-mns-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${String(value)}\n`);
  const stringToSign = `${method}\n${md5}\n${type}\n${String(date ?? '')}\n${own.join('')}${resource}`;
  return createHmac('sha1', accessKeySecret).update(stringToSign).digest('base64');
}
