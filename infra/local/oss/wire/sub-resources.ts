/**
 * The query parameters that mean something to OSS: V1 signs these and no others, and a request with one that its
 * operation does not know must not be answered as if it were not there (union of what the official SDKs sign; none
 * of them signs `regions`).
 */
const subResources = new Set([
  ...['accelerate', 'accessPoint', 'accessPointPolicy', 'acl', 'append', 'asyncFetch'],
  ...[
    'bucketArchiveDirectRead',
    'bucketInfo',
    'callback',
    'callback-var',
    'cleanRestoredObject',
    'cloudboxes',
  ],
  ...['cname', 'comp', 'continuation-token', 'cors', 'delete', 'encryption', 'endTime', 'group', 'hierarchy'],
  ...['httpsConfig', 'img', 'inventory', 'inventoryId', 'lifecycle', 'link', 'live', 'location', 'logging'],
  ...['metaQuery', 'notification', 'objectInfo', 'objectMeta', 'overwriteConfig', 'partNumber', 'policy'],
  ...[
    'policyStatus',
    'position',
    'processConfiguration',
    'publicAccessBlock',
    'qos',
    'qosInfo',
    'qosRequester',
  ],
  ...['redundancyTransition', 'referer', 'regionList', 'replication', 'replicationLocation'],
  ...['replicationProgress', 'requestPayment', 'resourceGroup', 'resourcePool', 'response-cache-control'],
  ...['response-content-disposition', 'response-content-encoding', 'response-content-language'],
  ...['response-content-type', 'response-expires', 'responseHeader', 'restore', 'rtc', 'security-token'],
  ...['sequential', 'startTime', 'stat', 'status', 'style', 'styleName', 'symlink', 'tagging', 'token'],
  ...['transferAcceleration', 'udf', 'udfApplication', 'udfApplicationLog', 'udfId', 'udfImage'],
  ...['udfImageDesc', 'udfName', 'uploadId', 'uploads', 'versionId', 'versioning', 'versions', 'vod'],
  ...[
    'accessPointConfigForObjectProcess',
    'accessPointForObjectProcess',
    'accessPointPolicyForObjectProcess',
  ],
  ...['legalHold', 'metadataConfiguration', 'metadataInventoryTable', 'metadataJournalTable', 'objectWorm'],
  ...['quota', 'requesterQosInfo', 'resourcePoolBuckets', 'resourcePoolInfo', 'retention', 'seal'],
  ...[
    'userDefinedLogFieldsConfig',
    'website',
    'withHashContext',
    'worm',
    'wormExtend',
    'wormId',
    'writeGetObjectResponse',
  ],
]);

/** Whether a signature of V1 covers the parameter. */
export function isSubResource(name: string): boolean {
  return subResources.has(name) || name.startsWith('x-oss-');
}
