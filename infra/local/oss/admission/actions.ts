import { copyName } from '../objects/copy-source';
import type { OssRequest } from '../wire/request';

/** A permission that a call needs: an action on an object, or without `key` on the bucket. */
export type Need = { action: string; bucket: string; key?: string };

/** `version`: the action when a versionId is given, instead of `action` or, with `both`, beside it. */
type Rule = { action: string; version?: string; both?: true };

const read: Rule = { action: 'oss:GetObject', version: 'oss:GetObjectVersion', both: true };
const readTags: Rule = { action: 'oss:GetObjectTagging', version: 'oss:GetObjectVersionTagging', both: true };
const write: Rule = { action: 'oss:PutObject' };

/**
 * API call -> RAM action (OSS docs, "Authorization syntax and elements"); calls that are not here need the action of
 * their own name. CopyObject's page says that reading a version takes both actions, no page says so of GetObject:
 * both here, which is the stricter. DeleteObject's page says that of a version it takes DeleteObjectVersion.
 */
const RULES: Record<string, Rule> = {
  AppendObject: write,
  CompleteMultipartUpload: write,
  InitiateMultipartUpload: write,
  PostObject: write,
  PutObject: write,
  PutSymlink: write,
  UploadPart: write,
  GetObject: read,
  GetObjectMeta: read,
  GetSymlink: read,
  HeadObject: read,
  SelectObject: read,
  GetObjectTagging: readTags,
  DeleteObject: { action: 'oss:DeleteObject', version: 'oss:DeleteObjectVersion' },
  DeleteObjectTagging: { action: 'oss:DeleteObjectTagging', version: 'oss:DeleteObjectVersionTagging' },
  GetObjectACL: { action: 'oss:GetObjectAcl', version: 'oss:GetObjectVersionAcl' },
  PutObjectACL: { action: 'oss:PutObjectAcl', version: 'oss:PutObjectVersionAcl' },
  PutObjectTagging: { action: 'oss:PutObjectTagging', version: 'oss:PutObjectVersionTagging' },
  RestoreObject: { action: 'oss:RestoreObject', version: 'oss:RestoreObjectVersion' },
  GetLiveChannelInfo: { action: 'oss:GetLiveChannel' },
  DeleteBucketTags: { action: 'oss:DeleteBucketTagging' },
  GetBucketTags: { action: 'oss:GetBucketTagging' },
  PutBucketTags: { action: 'oss:PutBucketTagging' },
  ListObjectsV2: { action: 'oss:ListObjects' },
};

/** The keys are in the body; the call itself asks for each. */
const BY_KEY = ['DeleteMultipleObjects'];
/** A browser asks this before it has credentials. */
const OPEN = ['OptionObject'];
const TAGGED = [
  'PutObject',
  'PostObject',
  'AppendObject',
  'InitiateMultipartUpload',
  'PutSymlink',
  'CopyObject',
];

/** Everything that a call needs to be allowed, as far as its head tells. Throws InvalidArgument for a wrong copy source. */
export function needsOf(operation: string, request: OssRequest): Need[] {
  if (OPEN.includes(operation) || BY_KEY.includes(operation)) return [];
  const { bucket, key } = request;
  const own = { bucket: bucket || '*', ...(key !== '' && { key }) };
  const tags = TAGGED.includes(operation) && request.headers['x-oss-tagging'] !== undefined;
  return [
    ...(isCopy(operation)
      ? copyNeeds(request, own)
      : ownNeeds(operation, own, request.query.get('versionId'))),
    ...(tags ? [{ action: 'oss:PutObjectTagging', ...own }] : []),
  ];
}

/** What an operation needs on one key, as DeleteMultipleObjects names them in its body. */
export function needsOfKey(
  operation: string,
  { versionId, ...place }: { bucket: string; key: string; versionId?: string },
): Need[] {
  return ownNeeds(operation, place, versionId);
}

function ownNeeds(operation: string, place: Omit<Need, 'action'>, versionId: string | undefined): Need[] {
  return actionsOf(RULES[operation] ?? { action: `oss:${operation}` }, versionId).map((action) => ({
    action,
    ...place,
  }));
}

function actionsOf({ action, version, both }: Rule, versionId: string | undefined): string[] {
  if (versionId === undefined || version === undefined) return [action];
  return both ? [action, version] : [version];
}

function isCopy(operation: string): boolean {
  return operation === 'CopyObject' || operation === 'UploadPartCopy';
}

/** The source is read, with its tags where tags are copied; the target is written. */
function copyNeeds(request: OssRequest, own: Omit<Need, 'action'>): Need[] {
  const { versionId, ...source } = copyName(request);
  const tags = request.headers['x-oss-tagging'] === undefined ? [] : actionsOf(readTags, versionId);
  const reads = [...actionsOf(read, versionId), ...tags].map((action) => ({ action, ...source }));
  return [...reads, { action: 'oss:PutObject', ...own }];
}
