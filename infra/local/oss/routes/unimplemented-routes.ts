import { type Route, reads, route } from './route';

/** The API calls that are answered with NotImplemented and their name. */
export const unimplementedRoutes: readonly Route[] = [
  route('CleanRestoredObject', 'POST object?cleanRestoredObject'),
  route('SealAppendObject', 'POST object?seal'),
  route('CreateSelectObjectMeta', 'POST object?x-oss-async-process'),
  route('SelectObject', 'POST object?x-oss-process', undefined, reads),

  route('GetBucketReplicationLocation', 'GET bucket?replicationLocation'),
  route('GetBucketReplicationProgress', 'GET bucket?replicationProgress'),
  route('PutBucketReplication', 'POST bucket?replication'),
  route('PutBucketRTC', 'PUT bucket?rtc'),
  route('PutCname', 'POST bucket?cname'),
  route('ListCname', 'GET bucket?cname'),
  route('GetCnameToken', 'GET bucket?comp'),
  route('DoMetaQuery', 'POST bucket?metaQuery'),
  route('GetMetaQueryStatus', 'GET bucket?metaQuery'),
  route('CreateBucketDataRedundancyTransition', 'POST bucket?redundancyTransition'),
  route('PostAsyncFetchTask', 'POST bucket?asyncFetch'),
  route('ProcessBucket', 'POST bucket?x-oss-process'),

  ...settingRoutes('bucket', 'accessPoint', 'BucketAccessPoint'),
  ...settingRoutes('bucket', 'accessPointPolicy', 'AccessPointPolicy'),
  ...settingRoutes('bucket', 'bucketAntiDDos', 'BucketAntiDDos'),
  ...settingRoutes('bucket', 'notification', 'BucketNotification'),
  ...settingRoutes('bucket', 'objectWorm', 'BucketObjectWormConfiguration'),
  ...settingRoutes('bucket', 'overwriteConfig', 'BucketOverwriteConfig'),
  ...settingRoutes('bucket', 'qosInfo', 'BucketQoSInfo'),
  ...settingRoutes('bucket', 'quota', 'BucketStorageQuota'),
  ...settingRoutes('bucket', 'redundancyTransition', 'BucketDataRedundancyTransition'),
  ...settingRoutes('bucket', 'replication', 'BucketReplication'),
  ...settingRoutes('service', 'publicAccessBlock', 'PublicAccessBlock'),
];

function settingRoutes(on: Route['on'], sub: string, name: string): Route[] {
  return [
    route(`Put${name}`, `PUT ${on}?${sub}`),
    route(`Get${name}`, `GET ${on}?${sub}`),
    route(`Delete${name}`, `DELETE ${on}?${sub}`),
  ];
}
