import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { cutBody } from '../gateway/cut-body';
import { httpTime } from './objects/object-headers';
import type { Answer } from './store/operation';
import type { OssError } from './wire/errors';
import { headerBytes } from './wire/header-text';
import { xmlDocument } from './wire/xml';

/** What every answer tells beside its own. Times in milliseconds. */
export type Envelope = {
  requestId: string;
  now: number;
  tookMs: number;
  /** Bytes of the body after which the connection is lost. */
  cutBodyAt?: number;
};

/** Writes an answer; resolves when its last byte is handed over, rejects when the client went away. */
export async function respond(response: ServerResponse, answer: Answer, envelope: Envelope): Promise<void> {
  const text = answer.xml ?? answer.json;
  const body = text === undefined ? undefined : Buffer.from(text);
  response.sendDate = false;
  writeHead(response, answer, envelope, body);
  const { cutBodyAt } = envelope;
  if (response.req.method !== 'HEAD' && cutBodyAt !== undefined) {
    return cutBody(response, answer.content?.bytes ?? [body ?? Buffer.alloc(0)], cutBodyAt);
  }
  if (response.req.method !== 'HEAD' && answer.content) return pipeline(answer.content.bytes, response);
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function writeHead(
  response: ServerResponse,
  answer: Answer,
  envelope: Envelope,
  body: Buffer | undefined,
): void {
  const length = body?.length ?? 0;
  const common = {
    server: 'AliyunOSS',
    date: httpTime(envelope.now),
    'x-oss-request-id': envelope.requestId,
    'x-oss-server-time': String(envelope.tookMs),
    ...(body ? { 'content-type': answer.json === undefined ? 'application/xml' : 'application/json' } : {}),
    ...([204, 304].includes(answer.status) || answer.unsized ? {} : { 'content-length': String(length) }),
    ...(announcesBody(response) ? { connection: 'close' } : {}),
  };
  for (const [name, value] of Object.entries({ ...common, ...answer.headers })) {
    response.setHeader(name, headerBytes(value).toString('latin1'));
  }
  response.writeHead(answer.status);
}

// What follows a GET that announces a body may be that body or the next request: some clients do not send it.
function announcesBody({ req }: ServerResponse): boolean {
  const length = Number(req.headers['content-length'] ?? 0);
  return (req.method === 'GET' || req.method === 'HEAD') && length > 0;
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
