import { type Setting, settings } from '../buckets/settings';
import { abortBucketWorm } from '../operations/abortBucketWorm';
import { completeBucketWorm } from '../operations/completeBucketWorm';
import { deleteBucket } from '../operations/deleteBucket';
import { deleteBucketInventory } from '../operations/deleteBucketInventory';
import { deleteBucketSetting } from '../operations/deleteBucketSetting';
import { deleteBucketTags } from '../operations/deleteBucketTags';
import { deleteStyle } from '../operations/deleteStyle';
import { describeRegions } from '../operations/describeRegions';
import { extendBucketWorm } from '../operations/extendBucketWorm';
import { getBucketAcl } from '../operations/getBucketAcl';
import { getBucketInfo } from '../operations/getBucketInfo';
import { getBucketInventory } from '../operations/getBucketInventory';
import { getBucketLocation } from '../operations/getBucketLocation';
import { getBucketPolicy } from '../operations/getBucketPolicy';
import { getBucketPolicyStatus } from '../operations/getBucketPolicyStatus';
import { getBucketResourceGroup } from '../operations/getBucketResourceGroup';
import { getBucketSetting } from '../operations/getBucketSetting';
import { getBucketStat } from '../operations/getBucketStat';
import { getBucketVersioning } from '../operations/getBucketVersioning';
import { getBucketWorm } from '../operations/getBucketWorm';
import { getStyle } from '../operations/getStyle';
import { initiateBucketWorm } from '../operations/initiateBucketWorm';
import { listBucketInventory } from '../operations/listBucketInventory';
import { listBuckets } from '../operations/listBuckets';
import { listMultipartUploads } from '../operations/listMultipartUploads';
import { listObjects } from '../operations/listObjects';
import { listObjectsV2 } from '../operations/listObjectsV2';
import { listObjectVersions } from '../operations/listObjectVersions';
import { listStyle } from '../operations/listStyle';
import { optionObject } from '../operations/optionObject';
import { putBucket } from '../operations/putBucket';
import { putBucketAcl } from '../operations/putBucketAcl';
import { putBucketInventory } from '../operations/putBucketInventory';
import { putBucketPolicy } from '../operations/putBucketPolicy';
import { putBucketResourceGroup } from '../operations/putBucketResourceGroup';
import { putBucketSetting } from '../operations/putBucketSetting';
import { putBucketVersioning } from '../operations/putBucketVersioning';
import { putStyle } from '../operations/putStyle';
import { type Route, route } from './route';

const page = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];

/** The API calls about the service and its buckets; of two that fit equally the first is meant. */
export const bucketRoutes: readonly Route[] = [
  route('ListBuckets', 'GET service', listBuckets, {
    parameters: ['prefix', 'marker', 'max-keys', 'tagging', 'tag-key', 'tag-value', 'regionList'],
  }),
  route('DescribeRegions', 'GET service?regions', describeRegions),

  route('PutBucket', 'PUT bucket', putBucket),
  route('DeleteBucket', 'DELETE bucket', deleteBucket),
  route('GetBucketInfo', 'GET bucket?bucketInfo', getBucketInfo),
  route('GetBucketLocation', 'GET bucket?location', getBucketLocation),
  route('PutBucketVersioning', 'PUT bucket?versioning', putBucketVersioning),
  route('GetBucketVersioning', 'GET bucket?versioning', getBucketVersioning),
  route('ListObjects', 'GET bucket', listObjects, { parameters: [...page, 'marker'] }),
  route('ListObjectsV2', 'GET bucket?list-type', listObjectsV2, {
    parameters: [...page, 'start-after', 'continuation-token', 'fetch-owner'],
    action: 'oss:ListObjects',
  }),
  route('ListObjectVersions', 'GET bucket?versions', listObjectVersions, {
    parameters: [...page, 'key-marker', 'version-id-marker'],
  }),
  route('ListMultipartUploads', 'GET bucket?uploads', listMultipartUploads, {
    parameters: ['prefix', 'delimiter', 'encoding-type', 'max-uploads', 'key-marker', 'upload-id-marker'],
  }),

  route('PutBucketAcl', 'PUT bucket?acl', putBucketAcl),
  route('GetBucketAcl', 'GET bucket?acl', getBucketAcl),
  route('GetBucketStat', 'GET bucket?stat', getBucketStat),
  route('PutBucketPolicy', 'PUT bucket?policy', putBucketPolicy),
  route('GetBucketPolicy', 'GET bucket?policy', getBucketPolicy),
  route('DeleteBucketPolicy', 'DELETE bucket?policy', deleteBucketSetting({ sub: 'policy' })),
  route('GetBucketPolicyStatus', 'GET bucket?policyStatus', getBucketPolicyStatus),
  route('PutBucketResourceGroup', 'PUT bucket?resourceGroup', putBucketResourceGroup),
  route('GetBucketResourceGroup', 'GET bucket?resourceGroup', getBucketResourceGroup),
  route('PutBucketInventory', 'PUT bucket?inventory', putBucketInventory, { parameters: ['inventoryId'] }),
  route('GetBucketInventory', 'GET bucket?inventoryId', getBucketInventory, { parameters: ['inventory'] }),
  route('ListBucketInventory', 'GET bucket?inventory', listBucketInventory, {
    parameters: ['continuation-token'],
  }),
  route('DeleteBucketInventory', 'DELETE bucket?inventory', deleteBucketInventory, {
    parameters: ['inventoryId'],
  }),
  route('PutStyle', 'PUT bucket?style', putStyle, { parameters: ['styleName', 'category'] }),
  route('GetStyle', 'GET bucket?styleName', getStyle, { parameters: ['style'] }),
  route('ListStyle', 'GET bucket?style', listStyle),
  route('DeleteStyle', 'DELETE bucket?style', deleteStyle, { parameters: ['styleName'] }),
  route('InitiateBucketWorm', 'POST bucket?worm', initiateBucketWorm),
  route('ExtendBucketWorm', 'POST bucket?wormExtend', extendBucketWorm, { parameters: ['wormId'] }),
  route('CompleteBucketWorm', 'POST bucket?wormId', completeBucketWorm),
  route('GetBucketWorm', 'GET bucket?worm', getBucketWorm),
  route('AbortBucketWorm', 'DELETE bucket?worm', abortBucketWorm),
  route('OptionObject', 'OPTIONS object', optionObject, { isPreflight: true }),
  route('OptionObject', 'OPTIONS bucket', optionObject, { isPreflight: true }),
  route('DeleteBucketTags', 'DELETE bucket?tagging', deleteBucketTags, {
    action: 'oss:DeleteBucketTagging',
  }),
  ...settings.flatMap(settingRoutes),
];

function settingRoutes(setting: Setting): Route[] {
  const { name, sub, permission = name, deletable } = setting;
  return [
    route(`Put${name}`, `PUT bucket?${sub}`, putBucketSetting(setting), { action: `oss:Put${permission}` }),
    route(`Get${name}`, `GET bucket?${sub}`, getBucketSetting(setting), { action: `oss:Get${permission}` }),
    ...(deletable ? [route(`Delete${name}`, `DELETE bucket?${sub}`, deleteBucketSetting(setting))] : []),
  ];
}
