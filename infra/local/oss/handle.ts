import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Call, type Effect, effectOf, type Hooks } from '../hooks';
import type { AccessKeys } from '../ram/credentials';
import { ipEndpoint } from './address';
import { admit } from './admit';
import { checkAccess, checkKeyAccess } from './authorize';
import { callOf, unknownCall } from './call';
import { withCors } from './cors';
import { answerOf, routeOf } from './dispatch';
import { injectedError, OssError } from './errors';
import { type Cause, eventOf, type OssEvent } from './event';
import { checkObjectName } from './names';
import { type Answer, bucketOf, type Operation, type Oss } from './operation';
import { newRequestId, type OssRequest, readRequest } from './request';
import { type Envelope, errorAnswer, respond } from './respond';
import { once, telling } from './telling';

export type Service = Omit<Oss, 'checkKey'> & {
  accessKeys: AccessKeys;
  hooks: Hooks;
  clientTime?: (time: number, resolution?: number) => number;
  allowV1: (bucket: string) => boolean;
  onEvent: (event: OssEvent) => void | Promise<void>;
};

/** One request on its way in and out; `boundTo` is the bucket of a custom domain's listener. */
export type Exchange = { message: IncomingMessage; response: ServerResponse; boundTo: string | undefined };

/** What is known of a request so far, for whoever is told of it when it is done. */
type Progress = { requestId: string; call: Call; code?: string; cutBodyAt?: number };

/** Answers one request: with the operation's answer, with an error document, or not at all. Never rejects. */
export async function handle(service: Service, exchange: Exchange): Promise<void> {
  const progress: Progress = { requestId: newRequestId(), call: unknownCall };
  const [began, beganReally] = [service.now(), performance.now()];
  const answer = await answerTo(service, exchange, progress);
  const tell = once(() => {
    const sent = answer !== 'lost' && exchange.response.headersSent ? answer : undefined;
    const versionId = sent?.headers?.['x-oss-version-id'];
    service.hooks.done?.(progress.call, {
      status: sent?.status ?? 0,
      ...(progress.code !== undefined && { code: progress.code }),
      ms: Math.round(performance.now() - beganReally),
      ...(versionId !== undefined && { versionId }),
    });
  });
  const envelope = { ...progress, now: service.now(), tookMs: service.now() - began };
  if (answer === 'lost') exchange.message.socket.destroy();
  else await send(exchange, telling(answer, tell), envelope);
  tell();
}

async function send({ message, response }: Exchange, answer: Answer, envelope: Envelope): Promise<void> {
  try {
    await respond(response, answer, envelope);
  } catch {
    // Either the client has gone, or bytes are missing and the answer must be seen to be cut.
    message.socket.destroy();
  } finally {
    discardRest(message);
    await answer.content?.release();
  }
}

// An operation that failed may have left off in the middle of the body: the next request comes behind it.
function discardRest(message: IncomingMessage): void {
  message.removeAllListeners('readable');
  message.resume();
}

async function answerTo(service: Service, exchange: Exchange, progress: Progress): Promise<Answer | 'lost'> {
  try {
    return await perform(service, readRequest(exchange.message, exchange.boundTo), progress);
  } catch (error) {
    const hostId = exchange.message.headers.host ?? '';
    const head = exchange.message.method === 'HEAD';
    const told = asOssError(error, exchange.message);
    progress.code = told.code;
    return errorAnswer(told, { requestId: progress.requestId, hostId, head });
  }
}

function asOssError(error: unknown, message: IncomingMessage): OssError {
  if (error instanceof OssError) return error;
  if (isOverloaded(error)) return new OssError('ServiceUnavailable');
  if (!message.errored) console.error('Cannot answer an OSS request:', error);
  return new OssError('InternalError');
}

// No file can be opened because too many are: it will pass.
function isOverloaded(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}

// OSS looks for the bucket before it looks at the signature.
async function perform(service: Service, incoming: OssRequest, progress: Progress): Promise<Answer | 'lost'> {
  const route = routeOf(incoming);
  progress.call = callOf(route, incoming, '');
  if (incoming.bucket !== '' && route.operation !== 'PutBucket') bucketOf(service, incoming);
  const { request, caller } = await admit(service, route, incoming);
  const { arn } = caller;
  progress.call = callOf(route, request, arn);
  const operation = answerOf(route, request);
  if (route.on === 'object') checkObjectName(request.key);
  checkAccess(service, route.operation, { caller, request });
  if (!(await passes(service.hooks.before, progress))) return 'lost';
  const checkKey: Oss['checkKey'] = (name, place) =>
    checkKeyAccess(service, name, { caller, request, ...place });
  const host = () => ipEndpoint(incoming.headers.host) ?? service.host();
  const answer = withCors(service, incoming, await inUse({ ...service, checkKey, host }, request, operation));
  const cause = causeOf(service, request, { requestId: progress.requestId, principal: arn });
  for (const change of [answer.change ?? []].flat()) await service.onEvent(eventOf(change, cause));
  const passed = await afterwards(service, progress).catch(async (error) => {
    await lost(answer);
    throw error;
  });
  return passed ? answer : lost(answer);
}

// A bucket cannot be deleted under an operation on one of its objects.
async function inUse(oss: Oss, request: OssRequest, operation: Operation): Promise<Answer> {
  const bucket = request.key === '' ? undefined : bucketOf(oss, request);
  if (!bucket) return operation(oss, request);
  bucket.operations++;
  try {
    return await operation(oss, request);
  } finally {
    bucket.operations--;
  }
}

async function passes(hook: Hooks['before'], progress: Progress): Promise<boolean> {
  try {
    apply(await effectOf(hook, progress.call), progress);
    return true;
  } catch (error) {
    if (error instanceof OssError) throw error;
    return false;
  }
}

async function afterwards({ hooks }: Service, progress: Progress): Promise<boolean> {
  const effect = await effectOf(hooks.after, progress.call).catch(() => undefined);
  if (effect) apply(effect, progress);
  return effect !== undefined;
}

function apply({ error, cutBodyAt }: Effect, progress: Progress): void {
  if (cutBodyAt !== undefined) progress.cutBodyAt = cutBodyAt;
  if (error) throw injectedError(error);
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
