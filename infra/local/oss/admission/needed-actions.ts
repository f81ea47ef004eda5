import { copyName } from '../objects/copy-source';
import type { Route } from '../routes/route';
import { routes } from '../routes/routes';
import type { OssRequest } from '../wire/request';

/** A permission that a call needs: an action on an object, or without `key` on the bucket. */
export type Need = { action: string; bucket: string; key?: string };

/** Everything that a call needs to be allowed, as far as its head tells. Throws InvalidArgument for a wrong copy source. */
export function needsOf(operation: string, request: OssRequest): Need[] {
  const route = routeNamed(operation);
  if (route.isPreflight || route.checksKeys) return [];
  const { bucket, key, query, headers } = request;
  const place = { bucket: bucket || '*', ...(key !== '' && { key }) };
  const tags = headers['x-oss-tagging'] !== undefined;
  return [
    ...(route.readsSource ? sourceNeeds(request, tags) : []),
    ...needsAt(route, place, query.get('versionId')),
    ...(tags && route.writesTags ? [{ action: 'oss:PutObjectTagging', ...place }] : []),
  ];
}

/** What an operation needs on one key, as DeleteMultipleObjects names them in its body. */
export function needsOfKey(
  operation: string,
  { versionId, ...place }: { bucket: string; key: string; versionId?: string | undefined },
): Need[] {
  return needsAt(routeNamed(operation), place, versionId);
}

function needsAt({ action, ofVersion }: Route, place: Omit<Need, 'action'>, versionId?: string): Need[] {
  const actions = versionId === undefined || !ofVersion ? [action] : ofVersion;
  return actions.map((one) => ({ action: one, ...place }));
}

// With its tags where tags are copied.
function sourceNeeds(request: OssRequest, tags: boolean): Need[] {
  const operations = ['GetObject', ...(tags ? ['GetObjectTagging'] : [])];
  const source = copyName(request);
  return operations.flatMap((operation) => needsOfKey(operation, source));
}

function routeNamed(operation: string): Route {
  const found = routes.find((route) => route.operation === operation);
  if (found) return found;
  throw new Error(`Cannot tell what ${operation} needs: it has no route`);
}
