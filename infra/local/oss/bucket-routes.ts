import { type Setting, settings } from './buckets/settings';
import { abortBucketWorm } from './operations/abortBucketWorm';
import { completeBucketWorm } from './operations/completeBucketWorm';
import { deleteBucketInventory } from './operations/deleteBucketInventory';
import { deleteBucketSetting } from './operations/deleteBucketSetting';
import { deleteBucketTags } from './operations/deleteBucketTags';
import { deleteStyle } from './operations/deleteStyle';
import { describeRegions } from './operations/describeRegions';
import { extendBucketWorm } from './operations/extendBucketWorm';
import { getBucketAcl } from './operations/getBucketAcl';
import { getBucketInventory } from './operations/getBucketInventory';
import { getBucketPolicy } from './operations/getBucketPolicy';
import { getBucketPolicyStatus } from './operations/getBucketPolicyStatus';
import { getBucketResourceGroup } from './operations/getBucketResourceGroup';
import { getBucketSetting } from './operations/getBucketSetting';
import { getBucketStat } from './operations/getBucketStat';
import { getBucketWorm } from './operations/getBucketWorm';
import { getStyle } from './operations/getStyle';
import { initiateBucketWorm } from './operations/initiateBucketWorm';
import { listBucketInventory } from './operations/listBucketInventory';
import { listStyle } from './operations/listStyle';
import { optionObject } from './operations/optionObject';
import { putBucketAcl } from './operations/putBucketAcl';
import { putBucketInventory } from './operations/putBucketInventory';
import { putBucketPolicy } from './operations/putBucketPolicy';
import { putBucketResourceGroup } from './operations/putBucketResourceGroup';
import { putBucketSetting } from './operations/putBucketSetting';
import { putStyle } from './operations/putStyle';
import type { Route } from './store/route';

/** The API calls about a bucket's configuration; of two that fit equally the first is meant. */
export const bucketRoutes: Route[] = [
  { ...get('DescribeRegions', 'regions'), on: 'service', answer: describeRegions },
  { ...put('PutBucketAcl', 'acl'), answer: putBucketAcl },
  { ...get('GetBucketAcl', 'acl'), answer: getBucketAcl },
  { ...get('GetBucketStat', 'stat'), answer: getBucketStat },
  { ...put('PutBucketPolicy', 'policy'), answer: putBucketPolicy },
  { ...get('GetBucketPolicy', 'policy'), answer: getBucketPolicy },
  { ...remove('DeleteBucketPolicy', 'policy'), answer: deleteBucketSetting({ sub: 'policy' }) },
  { ...get('GetBucketPolicyStatus', 'policyStatus'), answer: getBucketPolicyStatus },
  { ...put('PutBucketResourceGroup', 'resourceGroup'), answer: putBucketResourceGroup },
  { ...get('GetBucketResourceGroup', 'resourceGroup'), answer: getBucketResourceGroup },
  { ...put('PutBucketInventory', 'inventory'), answer: putBucketInventory, parameters: ['inventoryId'] },
  { ...get('GetBucketInventory', 'inventoryId'), answer: getBucketInventory, parameters: ['inventory'] },
  {
    ...get('ListBucketInventory', 'inventory'),
    answer: listBucketInventory,
    parameters: ['continuation-token'],
  },
  {
    ...remove('DeleteBucketInventory', 'inventory'),
    answer: deleteBucketInventory,
    parameters: ['inventoryId'],
  },
  { ...put('PutStyle', 'style'), answer: putStyle, parameters: ['styleName', 'category'] },
  { ...get('GetStyle', 'styleName'), answer: getStyle, parameters: ['style'] },
  { ...get('ListStyle', 'style'), answer: listStyle },
  { ...remove('DeleteStyle', 'style'), answer: deleteStyle, parameters: ['styleName'] },
  { ...post('InitiateBucketWorm', 'worm'), answer: initiateBucketWorm },
  { ...post('ExtendBucketWorm', 'wormExtend'), answer: extendBucketWorm, parameters: ['wormId'] },
  { ...post('CompleteBucketWorm', 'wormId'), answer: completeBucketWorm },
  { ...get('GetBucketWorm', 'worm'), answer: getBucketWorm },
  { ...remove('AbortBucketWorm', 'worm'), answer: abortBucketWorm },
  { operation: 'OptionObject', method: 'OPTIONS', on: 'object', answer: optionObject },
  { operation: 'OptionObject', method: 'OPTIONS', on: 'bucket', answer: optionObject },
  { ...remove('DeleteBucketTags', 'tagging'), answer: deleteBucketTags },
  ...settings.flatMap(settingRoutes),
];

function settingRoutes(setting: Setting): Route[] {
  const { name, sub } = setting;
  const routes = [
    { ...put(`Put${name}`, sub), answer: putBucketSetting(setting) },
    { ...get(`Get${name}`, sub), answer: getBucketSetting(setting) },
  ];
  if (!setting.deletable) return routes;
  return [...routes, { ...remove(`Delete${name}`, sub), answer: deleteBucketSetting(setting) }];
}

type BucketRoute = Route & { on: 'bucket'; sub: string };

function get(operation: string, sub: string): BucketRoute {
  return { operation, method: 'GET', on: 'bucket', sub };
}

function put(operation: string, sub: string): BucketRoute {
  return { operation, method: 'PUT', on: 'bucket', sub };
}

function post(operation: string, sub: string): BucketRoute {
  return { operation, method: 'POST', on: 'bucket', sub };
}

function remove(operation: string, sub: string): BucketRoute {
  return { operation, method: 'DELETE', on: 'bucket', sub };
}
