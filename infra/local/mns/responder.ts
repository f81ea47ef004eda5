import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isMd5, readBody, splitUrl } from '../gateway/body';
import type { CallerOptions } from '../gateway/caller';
import { type Handling, handle, hooked, type Progress } from '../gateway/handle';
import { type Hooks, shownHeaders } from '../gateway/hooks';
import { type Answerer, hangUp } from '../gateway/listener';
import { injected, Refusal } from '../gateway/refusal';
import type { Reply } from '../gateway/reply';
import { utf8 } from '../gateway/utf8';
import { checkAccess, type Guard } from './access';
import { authentication } from './authentication';
import { findOperation } from './operations';
import { ERRORS, MnsError } from './queues/errors';
import type { Answer, Mailbox } from './queues/operation';
import { xmlDocument } from './queues/xml';

export type ResponderOptions = CallerOptions & Guard & { hooks?: Hooks };

const VERSION = '2015-06-06';
/** Of a batch of 16 messages of 64 KB, escaped. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Returns what answers a request: who signed it, may they, and what the operation says. */
export function responder(options: ResponderOptions, mailbox: Mailbox): Answerer {
  const { hooks = {} } = options;
  const authenticate = authentication(options);

  async function perform(exchange: Exchange, progress: Progress): Promise<Answer> {
    const { request, response } = exchange;
    const { method = '', url: resource = '', headers } = request;
    const { body, text } = await wholeBody(request);
    const { arn: principal } = authenticate({ method, resource, headers });
    const given = headers['content-md5'];
    if (given !== undefined && !isMd5(String(given), body)) throw new MnsError('InvalidDegist');
    const { path, query } = target(request);
    const { name, operation, queue, path: named } = findOperation({ method, path, query, body: text });
    progress.call = { ...progress.call, operation: name, principal, ...(queue && { queue }) };
    checkAccess(options, { principal, operation: name, path: named });
    const call = { queue, query, headers: plain(headers), body: text, canceled: hangUp(response) };
    return hooked({ hooks, injected: asMns }, progress, async () => operation(call, mailbox));
  }

  return (request, response) => handle({ request, response }, handling({ request, response }));

  function handling(exchange: Exchange): Handling {
    const { headers } = exchange.request;
    const query = Object.fromEntries(target(exchange.request).query);
    const requestId = randomBytes(12).toString('hex').toUpperCase();
    const call = { operation: 'Unknown', query, headers: shownHeaders(headers), principal: '' };
    return {
      hooks,
      call: { service: 'mns', ...call },
      answer: async (progress) => replyOf(await perform(exchange, progress), requestId),
      refuse: (error) => {
        const { status, code, message } = error instanceof Refusal ? error : new MnsError('InternalError');
        const document = { Code: code, Message: message, RequestId: requestId, HostId: mailbox.endpoint() };
        return { ...replyOf({ status, document: ['Error', document] }, requestId), code };
      },
    };
  }
}

type Exchange = { request: IncomingMessage; response: ServerResponse };

/** An error that a fault asks for. */
export function asMns(error: Parameters<typeof injected>[0]): Refusal {
  return injected(error, ERRORS);
}

async function wholeBody(request: IncomingMessage): Promise<{ body: Buffer; text: string }> {
  const body = await readBody(request, MAX_BODY_BYTES);
  if (!body) throw new MnsError('InvalidArgument', 'the body is too large');
  const text = utf8(body);
  if (text === undefined) throw new MnsError('MalformedXML');
  return { body, text };
}

/** The names of the query become lower-case. */
function target(request: IncomingMessage): { path: string; query: Map<string, string> } {
  const { path, query } = splitUrl(request);
  const pairs = [...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value] as const);
  return { path, query: new Map(pairs) };
}

function plain(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function replyOf({ status, document, location }: Answer, requestId: string): Reply {
  return {
    status,
    headers: {
      'x-mns-request-id': requestId,
      'x-mns-version': VERSION,
      ...(location !== undefined && { location }),
      ...(document && { 'content-type': 'text/xml;charset=utf-8' }),
    },
    body: Buffer.from(document ? xmlDocument(...document) : ''),
  };
}
