import type { Route } from './store/route';

const calls: Route[] = [
  { operation: 'CleanRestoredObject', method: 'POST', on: 'object', sub: 'cleanRestoredObject' },
  { operation: 'SealAppendObject', method: 'POST', on: 'object', sub: 'seal' },
  { operation: 'CreateSelectObjectMeta', method: 'POST', on: 'object', sub: 'x-oss-async-process' },
  { operation: 'SelectObject', method: 'POST', on: 'object', sub: 'x-oss-process' },
];

const onBucket: [method: string, sub: string, operation: string][] = [
  ['GET', 'replicationLocation', 'GetBucketReplicationLocation'],
  ['GET', 'replicationProgress', 'GetBucketReplicationProgress'],
  ['POST', 'replication', 'PutBucketReplication'],
  ['PUT', 'rtc', 'PutBucketRTC'],
  ['POST', 'cname', 'PutCname'],
  ['GET', 'cname', 'ListCname'],
  ['GET', 'comp', 'GetCnameToken'],
  ['POST', 'metaQuery', 'DoMetaQuery'],
  ['GET', 'metaQuery', 'GetMetaQueryStatus'],
  ['POST', 'redundancyTransition', 'CreateBucketDataRedundancyTransition'],
  ['POST', 'asyncFetch', 'PostAsyncFetchTask'],
  ['POST', 'x-oss-process', 'ProcessBucket'],
];

// Put, Get and Delete; replication is put by POST.
const settings: Record<string, string> = {
  accessPoint: 'BucketAccessPoint',
  accessPointPolicy: 'AccessPointPolicy',
  bucketAntiDDos: 'BucketAntiDDos',
  notification: 'BucketNotification',
  objectWorm: 'BucketObjectWormConfiguration',
  overwriteConfig: 'BucketOverwriteConfig',
  qosInfo: 'BucketQoSInfo',
  quota: 'BucketStorageQuota',
  redundancyTransition: 'BucketDataRedundancyTransition',
  replication: 'BucketReplication',
};

const bucketRoutes = onBucket.map(
  ([method, sub, operation]): Route => ({
    ...{ operation, method, on: 'bucket', sub },
  }),
);

const settingRoutes = Object.entries(settings).flatMap(([sub, name]) => threeRoutes('bucket', sub, name));
const accountRoutes = threeRoutes('service', 'publicAccessBlock', 'PublicAccessBlock');

function threeRoutes(on: 'bucket' | 'service', sub: string, name: string): Route[] {
  return [
    { operation: `Put${name}`, method: 'PUT', on, sub },
    { operation: `Get${name}`, method: 'GET', on, sub },
    { operation: `Delete${name}`, method: 'DELETE', on, sub },
  ];
}

/** The API calls that are answered with NotImplemented and their name. */
export const unimplemented: Route[] = [...calls, ...bucketRoutes, ...settingRoutes, ...accountRoutes];
