import { overrides } from '../wire/response-overrides';
import { routes } from './routes';

// The official SDKs sign none of these.
const unsigned = ['accessmonitor', 'bucketAntiDDos', 'list-type', 'regions'];

const others = [
  'accelerate',
  'accessPointConfigForObjectProcess',
  'accessPointForObjectProcess',
  'accessPointPolicyForObjectProcess',
  'callback',
  'callback-var',
  'cloudboxes',
  'continuation-token',
  'endTime',
  'group',
  'hierarchy',
  'img',
  'legalHold',
  'link',
  'metadataConfiguration',
  'metadataInventoryTable',
  'metadataJournalTable',
  'objectInfo',
  'partNumber',
  'position',
  'processConfiguration',
  'qosRequester',
  'regionList',
  'requesterQosInfo',
  'resourcePool',
  'resourcePoolBuckets',
  'resourcePoolInfo',
  'responseHeader',
  'retention',
  'security-token',
  'sequential',
  'startTime',
  'token',
  'udf',
  'udfApplication',
  'udfApplicationLog',
  'udfId',
  'udfImage',
  'udfImageDesc',
  'udfName',
  'versionId',
  'withHashContext',
  'writeGetObjectResponse',
  ...overrides,
];

const ofRoutes = routes.flatMap(({ sub, and }) => [sub, and?.[0]].filter((name) => name !== undefined));
const subResources = new Set([...ofRoutes, ...others]);
for (const name of unsigned) subResources.delete(name);

/**
 * Whether a query parameter means something to OSS: V1 signs these and no others, and a request with one that its
 * operation does not know must not be answered as if it were not there (union of what the official SDKs sign).
 */
export function isSubResource(name: string): boolean {
  return subResources.has(name) || name.startsWith('x-oss-');
}
