import type { Credentials } from '../../ram/credentials';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { overrides } from '../wire/response-overrides';
import { signatureOf, stringsToSign } from '../wire/signature';
import { signatureV1, stringToSignV1 } from '../wire/signature-v1';
import { checkSame, checkToken, findCredentials, type Keys } from './access-keys';
import { anonymous } from './anonymous';
import { type Claim, type ClaimV4, readClaim } from './claim';
import type { ClaimV1 } from './claim-v1';
import { checkNotAhead, checkNotExpired, checkSkew } from './request-time';

export type Gate = Keys & {
  region: string;
  /** The cloud's time at a client's time (ms), for signatures of clients whose clock nobody moved. */
  clientTime?: (time: number, resolution?: number) => number;
  /** Whether a bucket (the empty name: the account) still takes signatures of V1. */
  allowV1: (bucket: string) => boolean;
};

/** Who a request is from. */
export type Caller = Pick<Credentials, 'arn' | 'accessKeyId'>;

/**
 * Checks a request's signature in the order of OSS: region, access key, time, signature, token. Returns who it
 * is from: `anonymous` when there is no signature at all. Throws the OssError that OSS answers.
 */
export function authenticate(gate: Gate, request: OssRequest): Caller {
  const claim = readClaim(request);
  if (claim === undefined) return unsigned(request);
  return claim.version === 'V1' ? authenticateV1(gate, request, claim) : authenticateV4(gate, request, claim);
}

// The answer's headers are not for everybody to choose.
function unsigned({ query }: OssRequest): Caller {
  if (!overrides.some((name) => query.has(name))) return anonymous;
  throw new OssError('InvalidRequest', {
    message: 'Request specific response headers cannot be used for anonymous GET requests.',
  });
}

function authenticateV1(gate: Gate, request: OssRequest, claim: ClaimV1): Caller {
  if (!gate.allowV1(request.bucket)) throw v1Refused();
  const credentials = findCredentials(gate, claim);
  checkTimeV1(gate, claim);
  const toSign = stringToSignV1(request, claim.dateLine);
  return believed(gate, { claim, credentials, toSign }, signatureV1(toSign, credentials.accessKeySecret));
}

function authenticateV4(gate: Gate, request: OssRequest, claim: ClaimV4): Caller {
  checkScope(gate, claim);
  checkPayloadHash(request);
  const credentials = findCredentials(gate, claim);
  checkTimeV4(gate, claim);
  const missing = claim.additionalHeaders.find((name) => request.headers[name] === undefined);
  if (missing) throw invalid(`The signed header ${missing} is missing.`);
  // The canonical request is left out of any answer: it may carry the security token.
  const computed = (text: string) => signatureOf(text, claim, credentials.accessKeySecret);
  const candidates = stringsToSign(request, claim);
  const toSign = candidates.find((text) => computed(text) === claim.signature) ?? candidates[0];
  return believed(gate, { claim, credentials, toSign }, computed(toSign));
}

type Belief = { claim: Claim; credentials: Credentials; toSign: string };

function believed(gate: Gate, { claim, credentials, toSign }: Belief, computed: string): Caller {
  const { accessKeyId, signature } = claim;
  checkSame(computed, { accessKeyId, signature, toSign: shown(claim, toSign) });
  checkToken(gate, claim, credentials);
  return credentials;
}

// V1 signs the security token itself, which is not for an error document.
function shown({ securityToken }: Claim, toSign: string): string {
  return securityToken ? toSign.replaceAll(securityToken, '***') : toSign;
}

/** The scope is day/region/oss/aliyun_v4_request, the day that of the date. Throws InvalidArgument. */
export function checkScope(
  { region }: { region: string },
  claim: Pick<ClaimV4, 'scope' | 'date' | 'where'>,
): void {
  const [day, scopeRegion, ...rest] = claim.scope.split('/');
  if (rest.join('/') !== 'oss/aliyun_v4_request') throw invalid('The scope of the credential is invalid.');
  if (day !== claim.date.slice(0, 8)) {
    throw invalid('The date of the credential is not the date of the request.');
  }
  if (scopeRegion === region) return;
  if (claim.where !== 'header') throw invalid('The signing region in credential is invalid.');
  throw new OssError('InvalidArgument', {
    message: 'Invalid signing region in Authorization header.',
    ec: '0002-00000226',
  });
}

function checkPayloadHash({ headers }: OssRequest): void {
  const hash = headers['x-oss-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  if (hash !== 'UNSIGNED-PAYLOAD') throw invalid('The x-oss-content-sha256 must be UNSIGNED-PAYLOAD.');
}

function checkTimeV1({ now, clientTime = asItIs }: Gate, { dateLine, expires }: ClaimV1): void {
  const time = expires === undefined ? Date.parse(dateLine) : expires * 1000;
  if (Number.isNaN(time)) {
    throw new OssError('AccessDenied', { message: 'OSS authentication requires a valid Date.' });
  }
  if (expires === undefined) checkSkew(clientTime(time), now());
  else checkNotExpired(time, now());
}

function checkTimeV4({ now, clientTime = asItIs }: Gate, { date, expires }: ClaimV4): void {
  // A URL made in the second in which the clock was moved counts as made before.
  const signedAt = clientTime(parseDate(date), expires === undefined ? 1000 : 0);
  if (expires !== undefined) {
    checkNotAhead(signedAt, now());
    checkNotExpired(signedAt + expires * 1000, now());
  } else checkSkew(signedAt, now());
}

function asItIs(time: number): number {
  return time;
}

function parseDate(date: string): number {
  const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(date) ?? [];
  const iso = `${day?.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time?.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`;
  const parsed = Date.parse(iso);
  if (Number.isNaN(parsed)) throw new OssError('AccessDenied', { message: 'The date is invalid.' });
  return parsed;
}

function v1Refused(): OssError {
  return new OssError('AccessDenied', {
    message: 'Signature version 1 is not supported by this bucket, use version 4.',
    ec: '0002-00000080',
  });
}

function invalid(message: string): OssError {
  return new OssError('InvalidArgument', { message });
}
