import { hooked, type Progress } from '../gateway/handle';
import type { Hooks } from '../gateway/hooks';
import type { AccessKeys } from '../ram/credentials';
import { authenticate } from './admission/authenticate';
import { checkAccess, checkKeyAccess } from './admission/authorize';
import { checkRefererAndPayer } from './admission/referer-and-payer';
import { withCors } from './buckets/cors';
import { callOf } from './call';
import { answerOf, routeOf } from './routes/find-route';
import { withCallback } from './send-callback';
import { type Cause, eventOf, type OssEvent } from './store/event';
import { type Answer, bucketOf, type Operation, type Oss } from './store/operation';
import { slowed, trafficLimit } from './traffic-limit';
import { asPage, withPages } from './website';
import { checkObjectName, ipEndpoint } from './wire/address';
import { injectedError } from './wire/errors';
import type { OssRequest } from './wire/request';

export type Service = Omit<Oss, 'checkKey'> & {
  accessKeys: AccessKeys;
  hooks: Hooks;
  clientTime?: (time: number, resolution?: number) => number;
  allowV1: (bucket: string) => boolean;
  onEvent: (event: OssEvent) => void | Promise<void>;
};

/** Applies one request and says what to answer; OSS looks for the bucket before it looks at the signature. Throws OssError. */
export async function perform(
  service: Service,
  incoming: OssRequest,
  { requestId, progress }: { requestId: string; progress: Progress },
): Promise<Answer> {
  const asked = routeOf(incoming);
  progress.call = callOf(asked, incoming, '');
  if (incoming.bucket !== '' && asked.operation !== 'PutBucket') bucketOf(service, incoming);
  const authenticated = await authenticate(service, asked, incoming);
  const { caller } = authenticated;
  const request = asPage(service, authenticated);
  const route = request === authenticated.request ? asked : routeOf(request);
  progress.call = callOf(route, request, caller.arn);
  const operation = withCallback(withPages(answerOf(route, request), route, caller), route, requestId);
  if (route.on === 'object') checkObjectName(request.key);
  checkAccess(service, route.operation, { caller, request });
  checkRefererAndPayer(service, route, { caller, request });
  const { request: paced, slow } = slowed(request, trafficLimit(request));
  const checkKey: Oss['checkKey'] = (name, place) =>
    checkKeyAccess(service, name, { caller, request, ...place });
  const host = () => ipEndpoint(incoming.headers.host) ?? service.host();
  let applied: Answer | undefined;

  async function apply(): Promise<Answer> {
    applied = await inUse({ ...service, checkKey, host }, paced, operation);
    const cause = causeOf(service, request, { requestId, principal: caller.arn });
    for (const change of [applied.change ?? []].flat()) await service.onEvent(eventOf(change, cause));
    return slow(withCors(service, incoming, applied));
  }

  return hooked({ hooks: service.hooks, injected: injectedError }, progress, apply).catch(async (error) => {
    await applied?.content?.release();
    throw error;
  });
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

function causeOf(
  { region, accountId, now }: Service,
  { bucket, key, sourceIp }: OssRequest,
  who: { requestId: string; principal: string },
): Cause {
  return { bucket, key, sourceIp, region, accountId, time: now(), ...who };
}
