import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { algorithm, type Signed, signatureOf, stringsToSign } from '../wire/signature';
import {
  type Caller,
  checkNotAhead,
  checkNotExpired,
  checkSignature,
  checkSkew,
  findCredentials,
  type Gate,
  type GivenSignature,
} from './caller';

type GivenV4 = GivenSignature &
  Signed & {
    where: 'header' | 'url';
    /** Seconds from `date` on; signed URLs only. */
    expires: number | undefined;
  };

/** Whether the URL has a signature of V4. */
export function hasV4InUrl({ query }: OssRequest): boolean {
  return query.has('x-oss-signature') || query.has('x-oss-signature-version');
}

/**
 * Checks a signature of V4 in the order of OSS: region, access key, time, signature, token. Throws the OssError that OSS
 * answers.
 */
export function authenticateV4(gate: Gate, request: OssRequest): Caller {
  const given = hasV4InUrl(request) ? signatureInUrl(request) : signatureInHeader(request);
  checkScope(gate, given);
  checkPayloadHash(request);
  const credentials = findCredentials(gate, given);
  checkTime(gate, given);
  const missing = given.additionalHeaders.find((name) => request.headers[name] === undefined);
  if (missing) throw invalid(`The signed header ${missing} is missing.`);
  // The canonical request is left out of any answer: it may carry the security token.
  const due = (text: string) => signatureOf(text, given, credentials.accessKeySecret);
  const candidates = stringsToSign(request, given);
  const toSign = candidates.find((text) => due(text) === given.signature) ?? candidates[0];
  checkSignature(gate, { given, credentials, toSign }, due(toSign));
  return credentials;
}

/** The scope is day/region/oss/aliyun_v4_request, the day that of the date. Throws InvalidArgument. */
export function checkScope(
  { region }: Gate,
  { scope, date, where }: Pick<Signed, 'scope' | 'date'> & { where: 'header' | 'url' | 'form' },
): void {
  const [day, scopeRegion, ...rest] = scope.split('/');
  if (rest.join('/') !== 'oss/aliyun_v4_request') throw invalid('The scope of the credential is invalid.');
  if (day !== date.slice(0, 8)) throw invalid('The date of the credential is not the date of the request.');
  if (scopeRegion === region) return;
  if (where !== 'header') throw invalid('The signing region in credential is invalid.');
  throw invalid('Invalid signing region in Authorization header.', '0002-00000226');
}

/** Splits `<access key id>/<scope>`. Throws InvalidArgument. */
export function readCredential(credential: string): { accessKeyId: string; scope: string } {
  const slash = credential.indexOf('/');
  if (slash < 1) throw invalid('The credential is invalid.');
  return { accessKeyId: credential.slice(0, slash), scope: credential.slice(slash + 1) };
}

function signatureInHeader({ headers }: OssRequest): GivenV4 {
  const [name, ...rest] = (headers.authorization ?? '').split(' ');
  if (name !== algorithm) throw invalid('Authorization header is invalid.');
  const fields = new Map(
    rest
      .join('')
      .split(',')
      .map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  );
  return {
    where: 'header',
    ...readCredential(fields.get('Credential') ?? ''),
    ...readDate(headers),
    additionalHeaders: splitNames(fields.get('AdditionalHeaders')),
    signature: fields.get('Signature') ?? '',
    securityToken: headers['x-oss-security-token'],
    expires: undefined,
  };
}

function signatureInUrl({ query }: OssRequest): GivenV4 {
  if (query.get('x-oss-signature-version') !== algorithm) {
    throw invalid('The x-oss-signature-version is invalid.', '0002-00000066');
  }
  return {
    where: 'url',
    ...readCredential(query.get('x-oss-credential') ?? ''),
    date: query.get('x-oss-date') ?? '',
    additionalHeaders: splitNames(query.get('x-oss-additional-headers')),
    signature: query.get('x-oss-signature') ?? '',
    securityToken: query.get('x-oss-security-token'),
    expires: readExpires(query.get('x-oss-expires') ?? ''),
  };
}

function readExpires(text: string): number {
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= 604_800) return seconds;
  throw invalid('The x-oss-expires must be between 1 and 604800 seconds.', '0002-00000232');
}

function splitNames(names: string | undefined): string[] {
  return names ? names.toLowerCase().split(';').sort() : [];
}

// The OSS Go SDK V1 sends no x-oss-date and signs its Date header as it stands.
function readDate(headers: OssRequest['headers']): Pick<Signed, 'date' | 'dateLine'> {
  const { 'x-oss-date': date, date: dateLine = '' } = headers;
  return date === undefined ? { date: basicDate(dateLine), dateLine } : { date };
}

function basicDate(httpDate: string): string {
  const time = Date.parse(httpDate);
  if (Number.isNaN(time)) throw new OssError('AccessDenied', { message: 'A valid date is required.' });
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
}

function checkPayloadHash({ headers }: OssRequest): void {
  const hash = headers['x-oss-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  if (hash !== 'UNSIGNED-PAYLOAD') throw invalid('The x-oss-content-sha256 must be UNSIGNED-PAYLOAD.');
}

function checkTime({ now, clientTime = (time) => time }: Gate, { date, expires }: GivenV4): void {
  // A URL made in the second in which the clock was moved counts as made before.
  const signedAt = clientTime(parseDate(date), expires === undefined ? 1000 : 0);
  if (expires !== undefined) {
    checkNotAhead(signedAt, now());
    checkNotExpired(signedAt + expires * 1000, now());
  } else checkSkew(signedAt, now());
}

function parseDate(date: string): number {
  const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(date) ?? [];
  const iso = `${day?.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time?.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`;
  const parsed = Date.parse(iso);
  if (Number.isNaN(parsed)) throw new OssError('AccessDenied', { message: 'The date is invalid.' });
  return parsed;
}

function invalid(message: string, ec?: string): OssError {
  return new OssError('InvalidArgument', { message, ...(ec && { ec }) });
}
