import type { AccessRequest, Decision } from '../../ram/authorize';
import { bucketPolicy } from '../../ram/policy';
import { decideByResource } from '../../ram/resource-policy';
import { blocksPublicAccess } from '../buckets/public-access';
import { taggingAsked } from '../buckets/tagging';
import type { Bucket } from '../store/bucket';
import type { Oss } from '../store/operation';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { anonymous, type Caller } from './caller';
import { type Need, needsOf, needsOfKey } from './needed-actions';

/** What decides, of the service that asks. */
export type Guard = Pick<Oss, 'store' | 'accountId' | 'now' | 'authorize' | 'loopbackIsSecure'>;

/** `batch`: the key is one of many in the body. */
type By = { caller: Caller; request: OssRequest; batch?: true };

/** Throws AccessDenied where the caller lacks a permission for the call or a bucket policy denies it. */
export function checkAccess(guard: Guard, operation: string, by: By): void {
  for (const need of needsOf(operation, by.request)) checkNeed(guard, need, by);
}

/** The same for one of the keys that a body or a symlink names; `operation` is what is done to it. */
export function checkKeyAccess(
  guard: Guard,
  operation: string,
  { key, versionId, bucket, ...by }: By & { bucket?: string; key: string; versionId?: string },
): void {
  const place = { bucket: bucket ?? by.request.bucket, key, versionId };
  for (const need of needsOfKey(operation, place)) checkNeed(guard, need, { ...by, batch: true });
}

function checkNeed(guard: Guard, need: Need, by: By): void {
  const bucket = guard.store.buckets.get(need.bucket);
  const policy = bucket?.settings.get('policy');
  const nobody = by.caller.arn === anonymous.arn;
  if (!nobody && !guard.authorize && policy === undefined) return;
  const request = accessRequest(guard, need, by);
  const attached = nobody ? 'implicit' : (guard.authorize?.(request) ?? 'allowed');
  const own = policy === undefined ? 'implicit' : decideByBucket(policy, request, guard.accountId);
  const decisions = { attached, own, batch: by.batch ?? false };
  if (attached === 'explicit' || own === 'explicit') throw denied(decisions, request);
  if (attached === 'allowed' || own === 'allowed') return;
  if (bucket && isPublic(bucket, need)) return;
  throw denied(decisions, request);
}

function accessRequest(guard: Guard, { action, bucket, key }: Need, by: By): AccessRequest {
  const resource = `acs:oss:*:${guard.accountId}:${bucket}${key === undefined ? '' : `/${key}`}`;
  return { principal: by.caller.arn, action, resource, conditions: conditionsOf(guard, by) };
}

/** The condition keys that OSS's documentation lists, as far as loopback has them. */
function conditionsOf({ now, loopbackIsSecure }: Guard, { caller, request }: By): Record<string, string> {
  const { headers, query } = request;
  const optional = {
    'acs:UserAgent': headers['user-agent'],
    'oss:Prefix': query.get('prefix'),
    'oss:Delimiter': query.get('delimiter'),
    'oss:x-oss-acl': headers['x-oss-acl'],
    'oss:x-oss-object-acl': headers['x-oss-object-acl'],
  };
  const given = Object.entries(optional).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const tags = taggingAsked(headers['x-oss-tagging']);
  return {
    'acs:SourceIp': request.sourceIp,
    'acs:CurrentTime': new Date(now()).toISOString(),
    'acs:SecureTransport': String(loopbackIsSecure),
    'acs:AccessId': caller.accessKeyId,
    'acs:MFAPresent': 'false',
    ...Object.fromEntries(given),
    ...Object.fromEntries(tags.map(({ key, value }) => [`oss:RequestObjectTag/${key}`, value])),
  };
}

// What cannot be understood lets nobody in but the account itself, who can mend it.
function decideByBucket(json: string, request: AccessRequest, accountId: string): Decision {
  const owner = `acs:ram::${accountId}:root`;
  try {
    return decideByResource(bucketPolicy(JSON.parse(json), 'the bucket policy'), request, owner);
  } catch {
    return request.principal === owner ? 'allowed' : 'explicit';
  }
}

/** An ACL lets in whom no policy denies: readers of public objects, writers of public buckets. */
function isPublic(bucket: Bucket, { action, key }: Need): boolean {
  if (blocksPublicAccess(bucket)) return false;
  if (key === undefined) return action === 'oss:ListObjects' && bucket.acl !== 'private';
  const [current] = bucket.versions.get(key) ?? [];
  const own = current?.deleteMarker === false ? current.acl : undefined;
  if (action === 'oss:GetObject') return (own ?? bucket.acl) !== 'private';
  return (
    ['oss:PutObject', 'oss:DeleteObject'].includes(action) && (own ?? bucket.acl) === 'public-read-write'
  );
}

type Decisions = { attached: Decision; own: Decision; batch: boolean };

function denied(decisions: Decisions, { principal, action, resource }: AccessRequest): OssError {
  if (principal === anonymous.arn) return new OssError('AccessDenied');
  const [, , , accountId = '', place = ''] = resource.split(':');
  const { attached, own } = decisions;
  const explicit = attached === 'explicit' || own === 'explicit';
  const detail = {
    AuthAction: action,
    AuthPrincipalType: principal.includes(':assumed-role/') ? 'AssumedRoleUser' : 'SubUser',
    AuthPrincipalOwnerId: accountId,
    AuthPrincipalDisplayName: principal.slice(principal.lastIndexOf(':') + 1),
    NoPermissionType: explicit ? 'ExplicitDeny' : 'ImplicitDeny',
    ...(attached === 'explicit' && { PolicyType: 'AccountLevelIdentityBasedPolicy' }),
  };
  return new OssError('AccessDenied', {
    ...words(decisions, place),
    extra: { AccessDeniedDetail: detail },
  });
}

/** Messages and ECs of the troubleshooting pages 0003-00000001, -201, -203 and -204; -202 is our guess from those. */
function words({ attached, own, batch }: Decisions, place: string): { message: string; ec: string } {
  const message = 'Access denied by bucket policy.';
  const explicit = attached === 'explicit' || own === 'explicit';
  if (explicit && batch) return { message, ec: '0003-00000204' };
  if (attached === 'explicit' && own === 'explicit') return { message, ec: '0003-00000203' };
  if (attached === 'explicit') return { message, ec: '0003-00000201' };
  if (own === 'explicit') return { message, ec: '0003-00000202' };
  const what = place.includes('/')
    ? 'You have no right to access this object because of bucket acl.'
    : 'The bucket you access does not belong to you.';
  return { message: what, ec: '0003-00000001' };
}
