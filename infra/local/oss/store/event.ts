import type { ObjectVersion } from './versions';

/** The notifications of OSS (OSS docs, "Event notification", event types). */
export type EventName =
  | 'ObjectCreated:PutObject'
  | 'ObjectCreated:PostObject'
  | 'ObjectCreated:CopyObject'
  | 'ObjectCreated:AppendObject'
  | 'ObjectCreated:PutSymlink'
  | 'ObjectCreated:InitiateMultipartUpload'
  | 'ObjectCreated:UploadPart'
  | 'ObjectCreated:UploadPartCopy'
  | 'ObjectCreated:CompleteMultipartUpload'
  | 'ObjectRemoved:DeleteObject'
  | 'ObjectRemoved:DeleteObjects'
  | 'ObjectRemoved:AbortMultipartUpload';

/** What an operation has changed; sizes in bytes. */
export type Change = {
  eventName: EventName;
  /** The request's own unless given. */
  key?: string;
  /** Upper case, without quotes; empty where there is no object yet. */
  eTag: string;
  size: number;
  deltaSize: number;
  /** The object's headers by lower-case name. */
  headers: Record<string, string>;
};

/** One record of the `events` list that a function with an OSS trigger gets (FC docs, "OSS trigger"). */
export type OssEvent = {
  eventName: EventName;
  eventSource: 'acs:oss';
  /** Whole seconds, ending in `.000Z`. */
  eventTime: string;
  eventVersion: '1.0';
  oss: {
    bucket: { arn: string; name: string; ownerIdentity: string };
    object: {
      deltaSize: number;
      /** Upper-case, without quotes. */
      eTag: string;
      /** As it is, not percent-encoded. */
      key: string;
      objectMeta?: { mimeType: string; userMeta?: Record<string, string> };
      size: number;
    };
    ossSchemaVersion: '1.0';
    /** The rule of the trigger that delivers it. */
    ruleId?: string;
  };
  /** Without `oss-`. */
  region: string;
  requestParameters: { sourceIPAddress: string };
  responseElements: { requestId: string };
  userIdentity: { principalId: string };
};

/** The request behind a change. `principal` is an arn. */
export type Cause = {
  bucket: string;
  key: string;
  time: number;
  sourceIp: string;
  requestId: string;
  principal: string;
  region: string;
  accountId: string;
};

/** The notification of a change. */
export function eventOf(change: Change, cause: Cause): OssEvent {
  const { eventName, eTag, size, deltaSize, headers } = change;
  const { bucket, region, accountId } = cause;
  const key = change.key ?? cause.key;
  return {
    eventName,
    eventSource: 'acs:oss',
    eventTime: xmlTime(cause.time),
    eventVersion: '1.0',
    oss: {
      bucket: { arn: `acs:oss:${region}:${accountId}:${bucket}`, name: bucket, ownerIdentity: accountId },
      object: { deltaSize, eTag, key, ...objectMeta(headers), size },
      ossSchemaVersion: '1.0',
    },
    region,
    requestParameters: { sourceIPAddress: cause.sourceIp },
    responseElements: { requestId: cause.requestId },
    userIdentity: { principalId: principalId(cause.principal, accountId) },
  };
}

/** What became of a key, from the version put and the object it hides or replaces. */
export function createdChange(
  eventName: EventName,
  version: Pick<ObjectVersion, 'eTag' | 'size' | 'headers'>,
  before: ObjectVersion | undefined,
): Change {
  const { eTag, size, headers } = version;
  return { eventName, eTag, size, deltaSize: size - (before?.size ?? 0), headers };
}

/** A time (ms) as OSS writes it in XML and events: whole seconds and a literal `.000Z`. */
export function xmlTime(time: number): string {
  return new Date(Math.floor(time / 1000) * 1000).toISOString();
}

function objectMeta(headers: Record<string, string>): {
  objectMeta?: { mimeType: string; userMeta?: Record<string, string> };
} {
  const mimeType = headers['content-type'];
  if (mimeType === undefined) return {};
  const userMeta = Object.entries(headers).filter(([name]) => name.startsWith('x-oss-meta-'));
  if (userMeta.length === 0) return { objectMeta: { mimeType } };
  return { objectMeta: { mimeType, userMeta: Object.fromEntries(userMeta) } };
}

function principalId(arn: string, accountId: string): string {
  return arn.endsWith(':root') ? accountId : arn.slice(arn.lastIndexOf(':') + 1);
}
