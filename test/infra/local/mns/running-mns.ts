import { createHash, createHmac } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { type MnsOptions, startMns } from '../../../../infra/local/mns/server';
import { type Credentials, createAccessKeys } from '../../../../infra/local/ram/credentials';
import { newFolder } from '../new-folder';

export const accountId = '1234567890123456';
const NAMESPACE = 'http://mns.aliyuncs.com/doc/v1/';
const parser = new XMLParser({
  parseTagValue: false,
  ignoreDeclaration: true,
  ignoreAttributes: false,
  trimValues: false,
  htmlEntities: true,
});

export type Answer = { status: number; headers: Headers; body: Record<string, unknown> };
export type Sent = { credentials?: Credentials; headers?: Record<string, string | undefined>; date?: number };

/** `<root xmlns>content</root>` */
export const xml = (root: string, content: string) => `<${root} xmlns="${NAMESPACE}">${content}</${root}>`;
export const textMessage = (body: string, more = '') =>
  xml('Message', `<MessageBody>${body}</MessageBody>${more}`);

/** MNS, and a client that signs as the documentation says. */
export async function runMns(options: Partial<MnsOptions> = {}) {
  const data = options.data ?? (await newFolder());
  const now = options.now ?? Date.now;
  const accessKeys = await createAccessKeys({ data, accountId, now });
  const mns = await startMns({ data, accessKeys, accountId, region: 'cn-hangzhou', now, ...options });

  async function call(method: string, resource: string, body?: string, sent: Sent = {}): Promise<Answer> {
    const { credentials = accessKeys.root, date = now() } = sent;
    const headers: Record<string, string | undefined> = {
      date: new Date(date).toUTCString(),
      'x-mns-version': '2015-06-06',
      'content-type': body === undefined ? undefined : 'text/xml',
      'content-md5': body === undefined ? undefined : md5(body),
      'security-token': credentials.securityToken,
      ...sent.headers,
    };
    const own = Object.keys(headers)
      .filter((name) => name.startsWith('x-mns-'))
      .sort();
    const stringToSign = [
      method,
      headers['content-md5'] ?? '',
      headers['content-type'] ?? '',
      headers.date,
      ...own.map((name) => `${name}:${headers[name]}`),
      resource,
    ].join('\n');
    const signature = createHmac('sha1', credentials.accessKeySecret).update(stringToSign).digest('base64');
    headers.authorization ??= `MNS ${credentials.accessKeyId}:${signature}`;
    const given = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const response = await fetch(mns.endpoint + resource, { method, headers: given, ...(body && { body }) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text ? parser.parse(text) : {} };
  }

  return { ...mns, data, accessKeys, call };
}

export type RunningMns = Awaited<ReturnType<typeof runMns>>;

/** The text at a path of a parsed answer: `Message/MessageId`. */
export function textAt({ body }: Answer, path: string): string | undefined {
  let value: unknown = body;
  for (const name of path.split('/')) value = (value as Record<string, unknown> | undefined)?.[name];
  return value as string | undefined;
}

function md5(body: string): string {
  return Buffer.from(createHash('md5').update(body).digest('hex')).toString('base64');
}
