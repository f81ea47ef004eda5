import type { IncomingMessage } from 'node:http';
import type { Reply } from '../gateway/reply';
import { httpTime } from './objects/object-headers';
import type { Answer } from './store/operation';
import type { OssError } from './wire/errors';
import { headerBytes } from './wire/header-text';
import { xmlDocument } from './wire/xml';

/** What every answer tells beside its own. Times in milliseconds. */
export type Envelope = { requestId: string; now: number; tookMs: number; request: IncomingMessage };

/** An answer as it goes out. */
export function replyOf(answer: Answer, { requestId, now, tookMs, request }: Envelope): Reply {
  const text = answer.xml ?? answer.json;
  const headers = {
    server: 'AliyunOSS',
    date: httpTime(now),
    'x-oss-request-id': requestId,
    'x-oss-server-time': String(tookMs),
    ...(text !== undefined && {
      'content-type': answer.json === undefined ? 'application/xml' : 'application/json',
    }),
    ...(announcesBody(request) && { connection: 'close' }),
    ...answer.headers,
  };
  const sent = Object.entries(headers).map(([name, value]) => [name, headerBytes(value).toString('latin1')]);
  return {
    status: answer.status,
    headers: Object.fromEntries(sent),
    body: answer.content?.bytes ?? (answer.unsized ? undefined : Buffer.from(text ?? '')),
    versionId: answer.headers?.['x-oss-version-id'],
    release: answer.content?.release,
  };
}

// What follows a GET that announces a body may be that body or the next request: some clients do not send it.
function announcesBody({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && Number(headers['content-length'] ?? 0) > 0;
}

/** The answer that an error is: a document, or for HEAD the same in base64 in x-oss-err. */
export function errorAnswer(error: OssError, facts: { requestId: string; hostId: string; head: boolean }) {
  const help = error.ec && `https://api.aliyun.com/troubleshoot?q=${error.ec}`;
  const xml = xmlDocument('Error', {
    ...{ Code: error.code, Message: error.message, RequestId: facts.requestId, HostId: facts.hostId },
    ...error.extra,
    ...{ EC: error.ec, RecommendDoc: help },
  });
  const ec = error.ec ? { 'x-oss-ec': error.ec } : {};
  const answer: Answer = { status: error.status, headers: { ...ec, ...error.headers }, xml };
  if (!facts.head) return answer;
  const document = Buffer.from(xml).toString('base64');
  return { status: error.status, headers: { ...answer.headers, 'x-oss-err': document } };
}
