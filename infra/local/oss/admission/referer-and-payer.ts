import type { Route } from '../routes/route';
import type { Bucket } from '../store/bucket';
import type { Oss } from '../store/operation';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { children, type Node, parseXml, text, texts } from '../wire/xml';
import type { Admitted } from './authenticate';
import { anonymous, type Caller } from './caller';

/** Throws AccessDenied where the bucket's referer or payment rules turn away a request that may otherwise be made. */
export function checkRefererAndPayer(
  { store, accountId }: Pick<Oss, 'store' | 'accountId'>,
  { isPreflight }: Route,
  { request, caller }: Admitted,
): void {
  const bucket = store.buckets.get(request.bucket);
  // A preflight carries no signature, whatever the request to come does.
  if (!bucket || isPreflight) return;
  checkReferer(bucket, request, caller);
  checkPayer(request, { bucket, caller, accountId });
}

/**
 * Throws AccessDenied where the bucket's hotlink protection denies the Referer. Only requests without a signature and
 * signed URLs are looked at (OSS docs, "Hotlink protection"; ECs of the pages 0003-00000501 to -503).
 */
function checkReferer(bucket: Bucket, request: OssRequest, caller: Caller): void {
  const document = bucket.settings.get('referer');
  if (document === undefined || !isWatched(request, caller)) return;
  const content = parseXml(document, 'RefererConfiguration');
  const ec = refusal(content, request.headers.referer ?? '');
  if (ec) throw new OssError('AccessDenied', { message: 'You are denied by bucket referer policy.', ec });
}

function isWatched({ query }: OssRequest, { arn }: Caller): boolean {
  return arn === anonymous.arn || query.has('Signature') || query.has('x-oss-signature');
}

// Without a whitelist an empty Referer is not looked at: everybody would be refused.
function refusal(content: Node, referer: string): string | undefined {
  const [white, black] = [list(content, 'RefererList'), list(content, 'RefererBlacklist')];
  if (referer === '') {
    const allowed = text(content, 'AllowEmptyReferer') !== 'false' || white.length === 0;
    return allowed ? undefined : '0003-00000501';
  }
  const told = cut(content, referer);
  if (black.some((pattern) => matches(pattern, told))) return '0003-00000502';
  const listed = white.length === 0 || white.some((pattern) => matches(pattern, told));
  return listed ? undefined : '0003-00000503';
}

function list(content: Node, name: string): string[] {
  return children(content, name)
    .flatMap((one) => texts(one, 'Referer'))
    .filter((pattern) => pattern !== '');
}

function cut(content: Node, referer: string): string {
  if (text(content, 'TruncatePath') === 'true') return referer.replace(/^(\w+:\/\/[^/?#]*).*$/s, '$1');
  return text(content, 'AllowTruncateQueryString') === 'false' ? referer : referer.replace(/\?.*$/s, '');
}

// A Referer that begins with the pattern fits; `*` stands for any characters, `?` for one.
function matches(pattern: string, referer: string): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const expression = literal.replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${expression}`, 'is').test(referer);
}

type Payer = { bucket: Bucket; caller: Caller; accountId: string };

/**
 * Where the requester pays, throws AccessDenied for a request without a signature, and for one of another account that
 * does not say `x-oss-request-payer: requester` in header or URL (OSS docs, "PutBucketRequestPayment"; ECs of the
 * pages 0003-00000701 and -702). Nobody is charged here.
 */
function checkPayer({ headers, query }: OssRequest, { bucket, caller, accountId }: Payer): void {
  if (!requesterPays(bucket) || accountOf(caller.arn) === accountId) return;
  if (caller.arn === anonymous.arn) {
    throw denied('Anonymous access is not allowed where the requester pays.', '0003-00000701');
  }
  const payer = headers['x-oss-request-payer'] ?? query.get('x-oss-request-payer');
  if (payer?.toLowerCase() === 'requester') return;
  throw denied('The requester pays for this bucket and has to agree to it.', '0003-00000702');
}

function requesterPays({ settings }: Bucket): boolean {
  const document = settings.get('requestPayment');
  if (document === undefined) return false;
  return text(parseXml(document, 'RequestPaymentConfiguration'), 'Payer') === 'Requester';
}

// acs:ram::<account>:… or acs:sts::<account>:…
function accountOf(arn: string): string | undefined {
  return arn.split(':')[3];
}

function denied(message: string, ec: string): OssError {
  return new OssError('AccessDenied', { message, ec });
}
