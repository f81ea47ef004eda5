import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Callback, callbackBody, readCallback } from './objects/callback';
import { errorAnswer } from './respond';
import type { Route } from './routes/route';
import { currentObject } from './store/bucket';
import { bucketOf, type Operation, type Oss } from './store/operation';
import { OssError } from './wire/errors';
import type { OssRequest } from './wire/request';

const patience = 5000;

/**
 * An upload that then tells a server of it and answers what that says; where it fails the object is there all the same
 * and the answer is CallbackFailed with status 203. OSS signs its callbacks, this does not.
 */
export function withCallback(operation: Operation, route: Route, requestId: string): Operation {
  if (!route.parameters.includes('callback')) return operation;
  return async (oss, request) => {
    const callback = readCallback(request, route.isForm === true);
    const answer = await operation(oss, request);
    if (!callback) return answer;
    const body = callbackBody(callback, factsOf(oss, request, { requestId, route }));
    const answered = await reply(callback, body);
    const { xml: _ownBody, ...applied } = answer;
    if ('json' in answered) return { ...applied, status: 200, json: answered.json };
    const hostId = request.headers.host ?? '';
    const failed = errorAnswer(callbackFailed(answered), { requestId, hostId, head: false });
    return { ...answer, ...failed, headers: { ...answer.headers, ...failed.headers } };
  };
}

type Known = { requestId: string; route: Route };

function factsOf(
  oss: Oss,
  request: OssRequest,
  { requestId, route }: Known,
): Record<string, string | number> {
  const { bucket, key, sourceIp } = request;
  const object = currentObject(bucketOf(oss, request), key);
  return {
    bucket,
    object: key,
    clientIp: sourceIp,
    reqId: requestId,
    operation: route.operation,
    etag: object?.eTag ?? '',
    size: object?.size ?? 0,
    crc64: object?.crc64 ?? '',
    mimeType: object?.headers['content-type'] ?? '',
  };
}

type Reply = { json: string } | { failure: string; ec?: string };

async function reply(callback: Callback, body: string): Promise<Reply> {
  let last: Reply = { failure: 'No callback server.' };
  for (const url of callback.urls) {
    last = await post(url, callback, body).catch((error: Error) => ({ failure: error.message }));
    if ('json' in last) break;
  }
  return last;
}

function post(url: URL, { host, contentType }: Callback, body: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = {
      host: host ?? url.host,
      'user-agent': 'http-client/0.0.1',
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
    };
    const hostname = url.hostname.endsWith('localhost') ? '127.0.0.1' : url.hostname.replace(/[[\]]/g, '');
    const options = {
      method: 'POST',
      hostname,
      port: url.port || 80,
      path: url.pathname + url.search,
      headers,
    };
    const sent = httpRequest({ ...options, signal: AbortSignal.timeout(patience) }, (response) => {
      text(response).then((json) => resolve(judged(response.statusCode ?? 0, json)), reject);
    });
    sent.on('error', reject).end(body);
  });
}

function judged(status: number, json: string): Reply {
  if (status !== 200) return { failure: `Error status : ${status}.` };
  try {
    JSON.parse(json);
    return { json };
  } catch {
    return { failure: 'Response body is not valid json format.', ec: '0007-00000205' };
  }
}

function callbackFailed({ failure, ec }: { failure: string; ec?: string }): OssError {
  return new OssError('CallbackFailed', { message: failure, ...(ec !== undefined && { ec }) });
}
