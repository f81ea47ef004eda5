import { timingSafeEqual } from 'node:crypto';
import type { AccessKeys, Credentials } from '../../ram/credentials';
import { OssError } from '../wire/errors';

/** Who a request is from. */
export type Caller = Pick<Credentials, 'arn' | 'accessKeyId'>;

/** The caller of a request without a signature. */
export const anonymous: Caller = { arn: 'anonymous', accessKeyId: '' };

/** What signatures are checked by, times in milliseconds. */
export type Gate = {
  region: string;
  accessKeys: AccessKeys;
  now: () => number;
  /** The cloud's time at a client's time, for signatures of clients whose clock nobody moved. */
  clientTime?: (time: number, resolution?: number) => number;
  /** Whether a bucket (the empty name: the account) still takes signatures of V1. */
  allowV1: (bucket: string) => boolean;
};

/** A signature as it came with a request. */
export type GivenSignature = { accessKeyId: string; signature: string; securityToken: string | undefined };

/** Finds the access key. Throws InvalidAccessKeyId, also for a temporary key without its token. */
export function findCredentials({ accessKeys }: Gate, given: Omit<GivenSignature, 'signature'>): Credentials {
  const { accessKeyId, securityToken } = given;
  const found = accessKeys.find(accessKeyId);
  const tokenMissing = found?.securityToken !== undefined && securityToken === undefined;
  if (found && !tokenMissing) return found;
  throw new OssError('InvalidAccessKeyId', { extra: { OSSAccessKeyId: accessKeyId } });
}

const quarterOfAnHour = 15 * 60_000;

/** Throws RequestTimeTooSkewed when a request was signed (ms) more than 15 minutes from now, either way. */
export function checkSkew(signedAt: number, now: number): void {
  if (Math.abs(signedAt - now) > quarterOfAnHour) throw skewed(signedAt, now);
}

/** Throws RequestTimeTooSkewed when a URL was signed (ms) more than 15 minutes ahead. */
export function checkNotAhead(signedAt: number, now: number): void {
  if (signedAt - now > quarterOfAnHour) throw skewed(signedAt, now);
}

/** Throws AccessDenied once a signed URL's end (ms) has passed. */
export function checkNotExpired(end: number, now: number): void {
  if (now <= end) return;
  throw new OssError('AccessDenied', {
    message: 'Request has expired.',
    ec: '0002-00000069',
    extra: { Expires: isoTime(end), ServerTime: isoTime(now) },
  });
}

function skewed(requestTime: number, serverTime: number): OssError {
  const extra = {
    MaxAllowedSkewMilliseconds: String(quarterOfAnHour),
    RequestTime: isoTime(requestTime),
    ServerTime: isoTime(serverTime),
  };
  return new OssError('RequestTimeTooSkewed', { extra });
}

// A URL may claim to end after the last date there is.
function isoTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}

type Signed = { given: GivenSignature; credentials: Credentials; toSign: string };

/**
 * Compares a signature in constant time with the one that was due, then looks at the token. Throws
 * SignatureDoesNotMatch, which tells what was to be signed, InvalidSecurityToken unless the token is that of the access
 * key, SecurityTokenExpired at its end.
 */
export function checkSignature({ now }: Gate, { given, credentials, toSign }: Signed, due: string): void {
  const { accessKeyId, signature, securityToken } = given;
  const [ours, theirs] = [Buffer.from(due), Buffer.from(signature)];
  if (ours.length !== theirs.length || !timingSafeEqual(ours, theirs)) {
    // V1 signs the security token itself, which is not for an error document.
    const shown = securityToken ? toSign.replaceAll(securityToken, '***') : toSign;
    const extra = { OSSAccessKeyId: accessKeyId, SignatureProvided: signature, StringToSign: shown };
    throw new OssError('SignatureDoesNotMatch', { extra });
  }
  if (securityToken !== credentials.securityToken) throw new OssError('InvalidSecurityToken');
  if (now() <= (credentials.expiration ?? Number.POSITIVE_INFINITY)) return;
  throw new OssError('SecurityTokenExpired');
}
