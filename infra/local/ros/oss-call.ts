import { createHash } from 'node:crypto';
import { algorithm, signatureOf, stringsToSign } from '../oss/wire/signature';
import type { Services } from './services';

/** A PUT on a bucket: its name, the sub-resource (empty for the bucket itself), and the document. */
export type BucketPut = { bucket: string; sub: string; body?: string; headers?: Record<string, string> };

/** One call of OSS, signed V4 in path style. Rejects with an Error that names the call and the service's code. */
export async function putBucket(oss: Services['oss'], { bucket, sub, body = '', headers = {} }: BucketPut) {
  const date = new Date(oss.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${date.slice(0, 8)}/${oss.region}/oss/aliyun_v4_request`;
  const own: Record<string, string> = {
    ...headers,
    'content-md5': createHash('md5').update(body).digest('base64'),
    'content-type': 'application/xml',
    'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
    'x-oss-date': date,
  };
  const query = new Map(sub === '' ? [] : [[sub, '']]);
  const [toSign] = stringsToSign(
    { method: 'PUT', bucket, key: '', query, headers: own },
    { date, scope, additionalHeaders: [] },
  );
  const { accessKeyId, accessKeySecret } = oss.credentials;
  const signature = signatureOf(toSign, { scope }, accessKeySecret);
  const authorization = `${algorithm} Credential=${accessKeyId}/${scope},Signature=${signature}`;
  const url = `${oss.endpoint}/${bucket}/${sub && `?${sub}`}`;
  const answer = await fetch(url, { method: 'PUT', headers: { ...own, authorization }, body });
  const text = await answer.text();
  if (answer.ok) return;
  const [, code = answer.status] = /<Code>(\w+)<\/Code>/.exec(text) ?? [];
  throw new Error(`PUT ${bucket}${sub && `?${sub}`}: ${code}`);
}
