import type { Bucket } from '../store/bucket';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { children, type Node, parseXml, text, texts } from '../wire/xml';
import { anonymous } from './anonymous';
import type { Caller } from './authenticate';

/**
 * Throws AccessDenied where the bucket's hotlink protection denies the Referer. Only requests without a signature and
 * signed URLs are looked at (OSS docs, "Hotlink protection"; ECs of the pages 0003-00000501 to -503).
 */
export function checkReferer(bucket: Bucket, request: OssRequest, caller: Caller): void {
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
