import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call, Hooks } from '../hooks';
import type { AccessKeys } from '../ram/credentials';
import { authenticate } from './authenticate';
import { callOf } from './call';
import { answerOf, routeOf } from './dispatch';
import { OssError } from './errors';
import { type Cause, eventOf, type OssEvent } from './event';
import { checkObjectName } from './names';
import { type Answer, bucketOf, type Operation, type Oss } from './operation';
import { newRequestId, type OssRequest, readRequest } from './request';
import { errorAnswer, respond } from './respond';

export type Service = Oss & {
  accessKeys: AccessKeys;
  hooks: Hooks;
  onEvent: (event: OssEvent) => void | Promise<void>;
};

/** One request on its way in and out; `boundTo` is the bucket of a custom domain's listener. */
export type Exchange = { message: IncomingMessage; response: ServerResponse; boundTo: string | undefined };

/** Answers one request: with the operation's answer, with an error document, or not at all. Never rejects. */
export async function handle(service: Service, exchange: Exchange): Promise<void> {
  const requestId = newRequestId();
  const began = service.now();
  const answer = await answerTo(service, exchange, requestId);
  if (answer === 'lost') return void exchange.message.socket.destroy();
  const now = service.now();
  try {
    await respond(exchange.response, answer, { requestId, now, tookMs: now - began });
  } catch {
    // Either the client has gone, or bytes are missing and the answer must be seen to be cut.
    exchange.message.socket.destroy();
  } finally {
    await answer.content?.release();
  }
}

async function answerTo(service: Service, exchange: Exchange, requestId: string): Promise<Answer | 'lost'> {
  try {
    return await perform(service, readRequest(exchange.message, exchange.boundTo), requestId);
  } catch (error) {
    const hostId = exchange.message.headers.host ?? '';
    const head = exchange.message.method === 'HEAD';
    return errorAnswer(asOssError(error, exchange.message), { requestId, hostId, head });
  }
}

function asOssError(error: unknown, message: IncomingMessage): OssError {
  if (error instanceof OssError) return error;
  if (!message.errored) console.error('Cannot answer an OSS request:', error);
  return new OssError('InternalError');
}

// OSS looks for the bucket before it looks at the signature.
async function perform(service: Service, request: OssRequest, requestId: string): Promise<Answer | 'lost'> {
  const route = routeOf(request);
  if (request.bucket !== '' && route.operation !== 'PutBucket') bucketOf(service, request);
  const { arn } = authenticate(service, request);
  const operation = answerOf(route, request);
  if (route.on === 'object') checkObjectName(request.key);
  const call = callOf(route, request, arn);
  if (!(await passes(service.hooks.before, call))) return 'lost';
  const answer = await inUse(service, request, operation);
  const cause = causeOf(service, request, { requestId, principal: arn });
  if (answer.change) await service.onEvent(eventOf(answer.change, cause));
  return (await afterwards(service, call)) ? answer : lost(answer);
}

// A bucket cannot be deleted under an operation on one of its objects.
async function inUse(service: Service, request: OssRequest, operation: Operation): Promise<Answer> {
  const bucket = request.key === '' ? undefined : bucketOf(service, request);
  if (!bucket) return operation(service, request);
  bucket.operations++;
  try {
    return await operation(service, request);
  } finally {
    bucket.operations--;
  }
}

async function passes(hook: Hooks['before'], call: Call): Promise<boolean> {
  try {
    await hook?.(call);
    return true;
  } catch (error) {
    if (error instanceof OssError) throw error;
    return false;
  }
}

async function afterwards({ hooks }: Service, call: Call): Promise<boolean> {
  try {
    await hooks.after?.(call);
    return true;
  } catch {
    return false;
  }
}

async function lost({ content }: Answer): Promise<'lost'> {
  await content?.release();
  return 'lost';
}

function causeOf(
  { region, accountId, now }: Service,
  { bucket, key, sourceIp }: OssRequest,
  who: { requestId: string; principal: string },
): Cause {
  return { bucket, key, sourceIp, region, accountId, time: now(), ...who };
}
