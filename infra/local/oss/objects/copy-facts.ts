import { parseTagging } from '../buckets/tagging';
import type { Bucket } from '../store/bucket';
import type { ObjectFacts, ObjectVersion } from '../store/versions';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { aclOf, keptHeaders, objectFacts } from './object-facts';
import { encryptionHeaders } from './object-headers';

const GB = 1024 ** 3;

/** From which object into which bucket, and whether over that object itself. */
type Copy = { source: ObjectVersion; to: Bucket; ontoItself: boolean };

/**
 * What a copy says about itself. Metadata is the source's or, by x-oss-metadata-directive, the request's, which
 * also holds without the directive when an object is copied onto itself with other metadata; the same for tags by x-oss-tagging-directive; ACL, storage class and encryption are never taken from the source.
 */
export function copyFacts(request: OssRequest, { source, to, ontoItself }: Copy): ObjectFacts {
  const asks = directive(request, 'x-oss-metadata-directive') === 'REPLACE';
  const replaces = asks || (ontoItself && Object.keys(request.headers).some(isMetadata));
  const retags = directive(request, 'x-oss-tagging-directive') === 'REPLACE';
  const { 'x-oss-tagging': tagging, ...untagged } = request.headers;
  const asked = objectFacts({ ...request, headers: untagged }, to);
  return {
    headers: replaces ? asked.headers : { ...metadataOf(source.headers), ...ownHeaders(asked.headers) },
    tags: retags ? parseTagging(tagging) : source.tags,
    ...aclOf(asked.acl),
  };
}

/** Within a bucket any size is copied, across buckets 5 GB; 1 GB where the storage class changes (OSS docs). */
export function checkCopySize(copy: { size: number; sameBucket: boolean; converted: boolean }): void {
  const within = copy.sameBucket ? Number.POSITIVE_INFINITY : 5 * GB;
  const most = copy.converted ? GB : within;
  if (copy.size <= most) return;
  throw new OssError('EntityTooLarge', {
    extra: { ProposedSize: String(copy.size), MaxSizeAllowed: String(most) },
  });
}

// The docs write the words of the one directive in capitals, of the other not; SDKs send both in capitals.
function directive({ headers }: OssRequest, name: string): 'COPY' | 'REPLACE' {
  const value = (headers[name] ?? 'COPY').toUpperCase();
  if (value === 'COPY' || value === 'REPLACE') return value;
  throw new OssError('InvalidArgument', {
    message: `The ${name} must be COPY or REPLACE.`,
    extra: { ArgumentName: name, ArgumentValue: headers[name] ?? '' },
  });
}

function metadataOf(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isOwn(name)));
}

function ownHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isOwn(name)));
}

function isMetadata(name: string): boolean {
  return name.startsWith('x-oss-meta-') || (keptHeaders.includes(name) && !isOwn(name));
}

function isOwn(name: string): boolean {
  return name === 'x-oss-storage-class' || name in encryptionHeaders({ [name]: '' });
}
