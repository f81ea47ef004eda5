import { type Call, type Effect, effectOf, type Hooks } from '../gateway/hooks';
import type { AccessKeys } from '../ram/credentials';
import { authenticate as admit } from './admission/authenticate';
import { checkAccess, checkKeyAccess } from './admission/authorize';
import { checkRefererAndPayer as checkVisit } from './admission/referer-and-payer';
import { withCors } from './buckets/cors';
import { callOf } from './call';
import { answerOf, routeOf } from './routes/find-route';
import { withCallback } from './send-callback';
import { type Cause, eventOf, type OssEvent } from './store/event';
import { type Answer, bucketOf, type Operation, type Oss } from './store/operation';
import { slowed, trafficLimit } from './traffic-limit';
import { asPage, withPages } from './website';
import { checkObjectName, ipEndpoint } from './wire/address';
import { injectedError, OssError } from './wire/errors';
import type { OssRequest } from './wire/request';

export type Service = Omit<Oss, 'checkKey'> & {
  accessKeys: AccessKeys;
  hooks: Hooks;
  clientTime?: (time: number, resolution?: number) => number;
  allowV1: (bucket: string) => boolean;
  onEvent: (event: OssEvent) => void | Promise<void>;
};

/** What is known of a request so far, for whoever is told of it when it is done. */
export type Progress = { requestId: string; call: Call; code?: string; cutBodyAt?: number };

/** Applies one request and says what to answer; OSS looks for the bucket before it looks at the signature. Throws OssError. */
export async function perform(
  service: Service,
  incoming: OssRequest,
  progress: Progress,
): Promise<Answer | 'lost'> {
  const asked = routeOf(incoming);
  progress.call = callOf(asked, incoming, '');
  if (incoming.bucket !== '' && asked.operation !== 'PutBucket') bucketOf(service, incoming);
  const admitted = await admit(service, asked, incoming);
  const { caller } = admitted;
  const request = asPage(service, admitted);
  const route = request === admitted.request ? asked : routeOf(request);
  progress.call = callOf(route, request, caller.arn);
  const operation = withCallback(
    withPages(answerOf(route, request), route, caller),
    route,
    progress.requestId,
  );
  if (route.on === 'object') checkObjectName(request.key);
  checkAccess(service, route.operation, { caller, request });
  checkVisit(service, route, { caller, request });
  const { request: paced, slow } = slowed(request, trafficLimit(request));
  if (!(await passes(service.hooks.before, progress))) return 'lost';
  const checkKey: Oss['checkKey'] = (name, place) =>
    checkKeyAccess(service, name, { caller, request, ...place });
  const host = () => ipEndpoint(incoming.headers.host) ?? service.host();
  const applied = await inUse({ ...service, checkKey, host }, paced, operation);
  const answer = slow(withCors(service, incoming, applied));
  const cause = causeOf(service, request, { requestId: progress.requestId, principal: caller.arn });
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
