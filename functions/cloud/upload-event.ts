import type { Context } from '../context';
import type { Version } from './versions';

const OPERATIONS = {
  Normal: 'PutObject',
  Symlink: 'PutObject',
  Multipart: 'CompleteMultipartUpload',
  Appendable: 'AppendObject',
};

/** What an event says of a version. */
export type Announced = Pick<Version, 'key' | 'eTag' | 'versionId' | 'size' | 'type' | 'lastModified'>;

/** `by`: who sends it in the place of OSS. */
export type Announcing = Pick<Context, 'region' | 'accountId'> & { bucket: string; by: string };

/** The event that OSS should have sent of this version (FC docs, "OSS triggers"), and its version id beside. */
export function uploadEvent(version: Announced, { bucket, region, accountId, by }: Announcing): string {
  const { key, eTag, versionId, size, type, lastModified } = version;
  const record = {
    eventName: `ObjectCreated:${OPERATIONS[type] ?? 'PutObject'}`,
    eventSource: 'acs:oss',
    eventTime: lastModified,
    eventVersion: '1.0',
    oss: {
      bucket: { arn: `acs:oss:${region}:${accountId}:${bucket}`, name: bucket, ownerIdentity: accountId },
      object: { key, eTag, size, deltaSize: size, versionId },
      ossSchemaVersion: '1.0',
      ruleId: by,
    },
    region,
  };
  return JSON.stringify({ events: [record] });
}

/** What is read of an event, and what names the upload to people. */
const REPLAYED = [
  ...['events', 'eventName', 'eventTime', 'region', 'oss', 'bucket', 'name'],
  ...['object', 'key', 'eTag', 'versionId', 'size'],
];

/**
 * An event without what the envelope keeps sealed or nobody needs (metadata, type, who sent it from where): it does the
 * same when it is delivered again. Undefined where it is no list of OSS events.
 */
export function replayable(event: string): string | undefined {
  try {
    const { events } = JSON.parse(event);
    return Array.isArray(events) ? JSON.stringify({ events }, REPLAYED) : undefined;
  } catch {
    return undefined;
  }
}
