import type { Oss } from '../store/operation';
import type { Route } from '../store/route';
import type { Admitted } from './admit';
import { checkReferer } from './referer';
import { checkPayer } from './request-payment';

/** Throws AccessDenied where the bucket's referer or payment rules turn away a request that may otherwise be made. */
export function checkVisit(
  { store, accountId }: Pick<Oss, 'store' | 'accountId'>,
  { operation }: Route,
  { request, caller }: Admitted,
): void {
  const bucket = store.buckets.get(request.bucket);
  // A browser's preflight carries no signature, whatever the request to come does.
  if (!bucket || operation === 'OptionObject') return;
  checkReferer(bucket, request, caller);
  checkPayer(request, { bucket, caller, accountId });
}
