import type { Route } from './route';

const calls: Route[] = [
  { operation: 'CopyObject', method: 'PUT', on: 'object', header: 'x-oss-copy-source' },
  {
    ...{ operation: 'UploadPartCopy', method: 'PUT', on: 'object' },
    ...{ sub: 'uploadId', header: 'x-oss-copy-source' },
  },
  { operation: 'AppendObject', method: 'POST', on: 'object', sub: 'append' },
  { operation: 'RestoreObject', method: 'POST', on: 'object', sub: 'restore' },
  { operation: 'SelectObject', method: 'POST', on: 'object', sub: 'x-oss-process' },
  { operation: 'PutObjectACL', method: 'PUT', on: 'object', sub: 'acl' },
  { operation: 'GetObjectACL', method: 'GET', on: 'object', sub: 'acl' },
  { operation: 'PutSymlink', method: 'PUT', on: 'object', sub: 'symlink' },
  { operation: 'GetSymlink', method: 'GET', on: 'object', sub: 'symlink' },
  { operation: 'OptionObject', method: 'OPTIONS', on: 'object' },
  { operation: 'PostObject', method: 'POST', on: 'bucket' },
  { operation: 'DeleteMultipleObjects', method: 'POST', on: 'bucket', sub: 'delete' },
  { operation: 'GetBucketStat', method: 'GET', on: 'bucket', sub: 'stat' },
  { operation: 'DescribeRegions', method: 'GET', on: 'service', sub: 'regions' },
];

const settings: Record<string, string> = {
  acl: 'Acl',
  cors: 'Cors',
  encryption: 'Encryption',
  inventory: 'Inventory',
  lifecycle: 'Lifecycle',
  logging: 'Logging',
  notification: 'Notification',
  policy: 'Policy',
  publicAccessBlock: 'PublicAccessBlock',
  referer: 'Referer',
  replication: 'Replication',
  requestPayment: 'RequestPayment',
  tagging: 'Tags',
  transferAcceleration: 'TransferAcceleration',
  website: 'Website',
  worm: 'Worm',
};

const settingRoutes = Object.entries(settings).flatMap(([sub, name]): Route[] => [
  { operation: `PutBucket${name}`, method: 'PUT', on: 'bucket', sub },
  { operation: `GetBucket${name}`, method: 'GET', on: 'bucket', sub },
  { operation: `DeleteBucket${name}`, method: 'DELETE', on: 'bucket', sub },
]);

/** The API calls that are answered with NotImplemented and their name. */
export const unimplemented: Route[] = [...calls, ...settingRoutes];
