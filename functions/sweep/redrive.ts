import type { Version } from '../cloud/versions';
import type { Context } from '../context';

const OPERATIONS = {
  Normal: 'PutObject',
  Symlink: 'PutObject',
  Multipart: 'CompleteMultipartUpload',
  Appendable: 'AppendObject',
};

/** The event that OSS should have sent of this version (FC docs, "OSS triggers"), and its version id beside. */
export function eventOf(version: Version, bucket: string, { region, accountId }: Context): string {
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
      ruleId: 'sweep',
    },
    region,
  };
  return JSON.stringify({ events: [record] });
}
