import { timingSafeEqual } from 'node:crypto';
import type { AccessKeys, Credentials } from '../ram/credentials';
import { type Claim, readClaim } from './claim';
import { OssError } from './errors';
import type { OssRequest } from './request';
import { signatureOf, stringToSign } from './signature';

export type Gate = { accessKeys: AccessKeys; region: string; now: () => number };

const quarterOfAnHour = 15 * 60_000;

/**
 * Checks a request's V4 signature in the order of OSS: region, access key, time, signature, token.
 * Returns whose it is. Throws the OssError that OSS answers.
 */
export function authenticate(gate: Gate, request: OssRequest): Credentials {
  const claim = readClaim(request);
  checkScope(gate, claim);
  checkPayloadHash(request);
  const credentials = findCredentials(gate, claim);
  checkTime(gate, claim);
  checkSignature(request, claim, credentials);
  checkToken(gate, claim, credentials);
  return credentials;
}

function checkScope({ region }: Gate, { scope, date, where }: Claim): void {
  const [day, scopeRegion, ...rest] = scope.split('/');
  if (rest.join('/') !== 'oss/aliyun_v4_request') throw invalid('The scope of the credential is invalid.');
  if (day !== date.slice(0, 8)) throw invalid('The date of the credential is not the date of the request.');
  if (scopeRegion === region) return;
  if (where === 'url') throw invalid('The signing region in credential is invalid.');
  throw new OssError('InvalidArgument', {
    message: 'Invalid signing region in Authorization header.',
    ec: '0002-00000226',
  });
}

function checkPayloadHash({ headers }: OssRequest): void {
  const hash = headers['x-oss-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  if (hash !== 'UNSIGNED-PAYLOAD') throw invalid('The x-oss-content-sha256 must be UNSIGNED-PAYLOAD.');
}

// A temporary key without its token is not a key at all.
function findCredentials({ accessKeys }: Gate, { accessKeyId, securityToken }: Claim): Credentials {
  const found = accessKeys.find(accessKeyId);
  const tokenMissing = found?.securityToken !== undefined && securityToken === undefined;
  if (found && !tokenMissing) return found;
  throw new OssError('InvalidAccessKeyId', { extra: { OSSAccessKeyId: accessKeyId } });
}

function checkTime({ now }: Gate, { date, expires }: Claim): void {
  const signedAt = parseDate(date);
  const ahead = signedAt - now() > quarterOfAnHour;
  if (ahead || (expires === undefined && now() - signedAt > quarterOfAnHour)) throw skewed(signedAt, now());
  const end = signedAt + (expires ?? Number.POSITIVE_INFINITY) * 1000;
  if (now() <= end) return;
  throw new OssError('AccessDenied', {
    message: 'Request has expired.',
    ec: '0002-00000069',
    extra: { Expires: isoTime(end), ServerTime: isoTime(now()) },
  });
}

function parseDate(date: string): number {
  const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(date) ?? [];
  const iso = `${day?.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time?.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`;
  const parsed = Date.parse(iso);
  if (Number.isNaN(parsed)) throw new OssError('AccessDenied', { message: 'The date is invalid.' });
  return parsed;
}

function skewed(requestTime: number, serverTime: number): OssError {
  const extra = {
    MaxAllowedSkewMilliseconds: String(quarterOfAnHour),
    RequestTime: isoTime(requestTime),
    ServerTime: isoTime(serverTime),
  };
  return new OssError('RequestTimeTooSkewed', { extra });
}

// The canonical request is left out of the answer: it may carry the security token.
function checkSignature(request: OssRequest, claim: Claim, { accessKeySecret }: Credentials): void {
  const missing = claim.additionalHeaders.find((name) => request.headers[name] === undefined);
  if (missing) throw invalid(`The signed header ${missing} is missing.`);
  const toSign = stringToSign(request, claim);
  const computed = Buffer.from(signatureOf(toSign, claim, accessKeySecret));
  const given = Buffer.from(claim.signature);
  if (given.length === computed.length && timingSafeEqual(given, computed)) return;
  const extra = {
    OSSAccessKeyId: claim.accessKeyId,
    SignatureProvided: claim.signature,
    StringToSign: toSign,
  };
  throw new OssError('SignatureDoesNotMatch', { extra });
}

function checkToken({ now }: Gate, { securityToken }: Claim, credentials: Credentials): void {
  if (securityToken !== credentials.securityToken) throw new OssError('InvalidSecurityToken');
  if (now() > (credentials.expiration ?? Number.POSITIVE_INFINITY))
    throw new OssError('SecurityTokenExpired');
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}

function invalid(message: string): OssError {
  return new OssError('InvalidArgument', { message });
}
