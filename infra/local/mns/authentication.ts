import { timingSafeEqual } from 'node:crypto';
import type { AccessKeys, Credentials } from '../ram/credentials';
import { MnsError } from './queues/errors';
import { type MnsRequest, mnsSignature } from './signature';

export type AuthenticationOptions = {
  accessKeys: AccessKeys;
  now: () => number;
  /** What our clock showed at a time that the caller read on its own. */
  clientTime?: (time: number) => number;
};

const MAX_SKEW = 15 * 60_000;

/** Who sent a request. Throws what the documentation says of a bad date, key or signature. */
export function authenticate(
  request: MnsRequest,
  { accessKeys, now, clientTime = (time) => time }: AuthenticationOptions,
): Credentials {
  const { authorization, 'x-mns-date': mnsDate, date = mnsDate, 'security-token': token } = request.headers;
  if (!authorization) throw new MnsError('MissingAuthorizationHeader');
  if (!date) throw new MnsError('MissingDateHeader');
  const [, id, signature] = /^MNS ([^:\s]+):(\S+)$/.exec(authorization) ?? [];
  if (!id || !signature) throw new MnsError('InvalidAuthorizationHeader');
  const sent = Date.parse(String(date));
  if (Number.isNaN(sent)) throw new MnsError('InvalidDateHeader');
  if (Math.abs(now() - clientTime(sent)) > MAX_SKEW) throw new MnsError('TimeExpired');
  const key = accessKeys.find(id);
  if (!key || !isToken(key, token, now())) throw new MnsError('InvalidAccessKeyId');
  if (!equal(signature, mnsSignature(request, key.accessKeySecret)))
    throw new MnsError('SignatureDoesNotMatch');
  return key;
}

function isToken({ securityToken, expiration = 0 }: Credentials, token: unknown, now: number): boolean {
  if (securityToken === undefined) return token === undefined;
  return typeof token === 'string' && equal(token, securityToken) && now < expiration;
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
