import type { Authorize } from '../ram/authorize';
import { MnsError } from './queues/errors';

export type Guard = { accountId: string; region: string; authorize?: Authorize };

/** `path` below the account, as policies name it. */
export type Access = { principal: string; operation: string; path: string };

/** Throws AccessDenied where what is attached to the caller does not allow the operation. */
export function checkAccess(
  { accountId, region, authorize }: Guard,
  { principal, operation, path }: Access,
): void {
  const resource = `acs:mns:${region}:${accountId}:${path}`;
  const request = { principal, action: `mns:${operation}`, resource, conditions: {} };
  if (authorize && authorize(request) !== 'allowed') throw new MnsError('AccessDenied');
}
