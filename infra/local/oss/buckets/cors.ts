import type { Bucket } from '../store/bucket';
import type { Answer, Oss } from '../store/operation';
import type { OssRequest } from '../wire/request';
import { children, type Node, parseXml, text, texts } from '../wire/xml';

/** What a browser asks: may this origin send such a request? Header names in lower case. */
export type CorsQuestion = { origin: string; method: string; headers: string[] };

/** The headers that allow it, by the first rule of the bucket that does; undefined when none does. */
export function corsAnswer(bucket: Bucket, question: CorsQuestion): Record<string, string> | undefined {
  const document = bucket.settings.get('cors');
  if (document === undefined) return undefined;
  const configuration = parseXml(document, 'CORSConfiguration');
  const rule = children(configuration, 'CORSRule').find((one) => allows(one, question));
  if (rule === undefined) return undefined;
  return headersOf(rule, question, text(configuration, 'ResponseVary') === 'true');
}

/** An answer with the headers that let the script of another origin read it, where a rule of the bucket does. */
export function withCors(
  { store }: Pick<Oss, 'store'>,
  { bucket, method, headers }: OssRequest,
  answer: Answer,
): Answer {
  const found = store.buckets.get(bucket);
  if (headers.origin === undefined || method === 'OPTIONS' || !found) return answer;
  const allowed = corsAnswer(found, { origin: headers.origin, method, headers: [] });
  return { ...answer, headers: { ...answer.headers, ...allowed } };
}

function allows(rule: Node, { origin, method, headers }: CorsQuestion): boolean {
  if (!texts(rule, 'AllowedMethod').includes(method)) return false;
  if (!texts(rule, 'AllowedOrigin').some((pattern) => matches(pattern, origin))) return false;
  const allowed = texts(rule, 'AllowedHeader').map((pattern) => pattern.toLowerCase());
  return headers.every((header) => allowed.some((pattern) => matches(pattern, header)));
}

function headersOf(
  rule: Node,
  { origin, method, headers }: CorsQuestion,
  vary: boolean,
): Record<string, string> {
  const anyOrigin = texts(rule, 'AllowedOrigin').includes('*');
  const exposed = texts(rule, 'ExposeHeader');
  const maxAge = text(rule, 'MaxAgeSeconds');
  return {
    'access-control-allow-origin': anyOrigin ? '*' : origin,
    'access-control-allow-methods': method,
    ...(headers.length > 0 ? { 'access-control-allow-headers': headers.join(', ') } : {}),
    ...(exposed.length > 0 ? { 'access-control-expose-headers': exposed.join(', ') } : {}),
    ...(maxAge === undefined ? {} : { 'access-control-max-age': maxAge }),
    ...(vary || !anyOrigin ? { vary: 'Origin' } : {}),
  };
}

function matches(pattern: string, value: string): boolean {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return pattern === value;
  return value.length >= before.length + after.length && value.startsWith(before) && value.endsWith(after);
}
