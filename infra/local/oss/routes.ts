import { bucketRoutes } from './bucket-routes';
import { liveRoutes } from './live-routes';
import { abortMultipartUpload } from './operations/abortMultipartUpload';
import { appendObject } from './operations/appendObject';
import { completeMultipartUpload } from './operations/completeMultipartUpload';
import { copyObject } from './operations/copyObject';
import { deleteBucket } from './operations/deleteBucket';
import { deleteMultipleObjects } from './operations/deleteMultipleObjects';
import { deleteObject } from './operations/deleteObject';
import { deleteObjectTagging } from './operations/deleteObjectTagging';
import { getBucketInfo } from './operations/getBucketInfo';
import { getBucketLocation } from './operations/getBucketLocation';
import { getBucketVersioning } from './operations/getBucketVersioning';
import { getObject } from './operations/getObject';
import { getObjectACL } from './operations/getObjectACL';
import { getObjectMeta } from './operations/getObjectMeta';
import { getObjectTagging } from './operations/getObjectTagging';
import { getSymlink } from './operations/getSymlink';
import { headObject } from './operations/headObject';
import { initiateMultipartUpload } from './operations/initiateMultipartUpload';
import { listBuckets } from './operations/listBuckets';
import { listMultipartUploads } from './operations/listMultipartUploads';
import { listObjects } from './operations/listObjects';
import { listObjectsV2 } from './operations/listObjectsV2';
import { listObjectVersions } from './operations/listObjectVersions';
import { listParts } from './operations/listParts';
import { postObject } from './operations/postObject';
import { putBucket } from './operations/putBucket';
import { putBucketVersioning } from './operations/putBucketVersioning';
import { putObject } from './operations/putObject';
import { putObjectACL } from './operations/putObjectACL';
import { putObjectTagging } from './operations/putObjectTagging';
import { putSymlink } from './operations/putSymlink';
import { restoreObject } from './operations/restoreObject';
import { uploadPart } from './operations/uploadPart';
import { uploadPartCopy } from './operations/uploadPartCopy';
import type { Route } from './store/route';
import { unimplemented } from './unimplemented';
import { overrides } from './wire/response-overrides';

// The last is a header: it changes what these calls answer as the parameters do.
const callback = ['callback', 'callback-var', 'x-oss-callback'];
const page = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];

const implemented: Route[] = [
  {
    ...{ operation: 'ListBuckets', method: 'GET', on: 'service', answer: listBuckets },
    parameters: ['prefix', 'marker', 'max-keys', 'tagging', 'tag-key', 'tag-value', 'regionList'],
  },
  { operation: 'PutBucket', method: 'PUT', on: 'bucket', answer: putBucket },
  { operation: 'DeleteBucket', method: 'DELETE', on: 'bucket', answer: deleteBucket },
  { operation: 'GetBucketInfo', method: 'GET', on: 'bucket', sub: 'bucketInfo', answer: getBucketInfo },
  { operation: 'GetBucketLocation', method: 'GET', on: 'bucket', sub: 'location', answer: getBucketLocation },
  {
    ...{ operation: 'PutBucketVersioning', method: 'PUT', on: 'bucket', sub: 'versioning' },
    answer: putBucketVersioning,
  },
  {
    ...{ operation: 'GetBucketVersioning', method: 'GET', on: 'bucket', sub: 'versioning' },
    answer: getBucketVersioning,
  },
  {
    ...{ operation: 'ListObjects', method: 'GET', on: 'bucket', answer: listObjects },
    parameters: [...page, 'marker'],
  },
  {
    ...{ operation: 'ListObjectsV2', method: 'GET', on: 'bucket', sub: 'list-type', answer: listObjectsV2 },
    parameters: [...page, 'start-after', 'continuation-token', 'fetch-owner'],
  },
  {
    ...{ operation: 'ListObjectVersions', method: 'GET', on: 'bucket', sub: 'versions' },
    ...{ answer: listObjectVersions, parameters: [...page, 'key-marker', 'version-id-marker'] },
  },
  {
    ...{ operation: 'ListMultipartUploads', method: 'GET', on: 'bucket', sub: 'uploads' },
    answer: listMultipartUploads,
    parameters: ['prefix', 'delimiter', 'encoding-type', 'max-uploads', 'key-marker', 'upload-id-marker'],
  },
  {
    ...{ operation: 'PutObject', method: 'PUT', on: 'object', answer: putObject },
    parameters: callback,
  },
  {
    ...{ operation: 'GetObject', method: 'GET', on: 'object', answer: getObject },
    parameters: ['versionId', ...overrides],
  },
  {
    ...{ operation: 'HeadObject', method: 'HEAD', on: 'object', answer: headObject },
    parameters: ['versionId'],
  },
  {
    ...{ operation: 'GetObjectMeta', method: 'HEAD', on: 'object', sub: 'objectMeta' },
    ...{ answer: getObjectMeta, parameters: ['versionId'] },
  },
  {
    ...{ operation: 'DeleteObject', method: 'DELETE', on: 'object', answer: deleteObject },
    parameters: ['versionId', 'symlink'],
  },
  {
    ...{ operation: 'InitiateMultipartUpload', method: 'POST', on: 'object', sub: 'uploads' },
    ...{ answer: initiateMultipartUpload, parameters: ['encoding-type', 'sequential', 'versionId'] },
  },
  {
    ...{ operation: 'UploadPart', method: 'PUT', on: 'object', sub: 'uploadId', answer: uploadPart },
    parameters: ['partNumber', 'sequential'],
  },
  {
    ...{ operation: 'CompleteMultipartUpload', method: 'POST', on: 'object', sub: 'uploadId' },
    ...{
      answer: completeMultipartUpload,
      parameters: ['encoding-type', 'sequential', 'versionId', ...callback],
    },
  },
  {
    ...{ operation: 'AbortMultipartUpload', method: 'DELETE', on: 'object', sub: 'uploadId' },
    answer: abortMultipartUpload,
  },
  {
    ...{ operation: 'ListParts', method: 'GET', on: 'object', sub: 'uploadId', answer: listParts },
    parameters: ['max-parts', 'part-number-marker', 'encoding-type'],
  },
  {
    ...{ operation: 'CopyObject', method: 'PUT', on: 'object', header: 'x-oss-copy-source' },
    answer: copyObject,
  },
  {
    ...{ operation: 'UploadPartCopy', method: 'PUT', on: 'object', answer: uploadPartCopy },
    ...{ sub: 'uploadId', header: 'x-oss-copy-source', parameters: ['partNumber', 'versionId'] },
  },
  {
    ...{ operation: 'AppendObject', method: 'POST', on: 'object', sub: 'append', answer: appendObject },
    parameters: ['position'],
  },
  {
    ...{ operation: 'PostObject', method: 'POST', on: 'bucket', answer: postObject },
    parameters: callback,
  },
  {
    ...{ operation: 'DeleteMultipleObjects', method: 'POST', on: 'bucket', sub: 'delete' },
    ...{ answer: deleteMultipleObjects, parameters: ['encoding-type'] },
  },
  {
    ...{ operation: 'PutSymlink', method: 'PUT', on: 'object', sub: 'symlink', answer: putSymlink },
  },
  {
    ...{ operation: 'GetSymlink', method: 'GET', on: 'object', sub: 'symlink', answer: getSymlink },
    parameters: ['versionId'],
  },
  {
    ...{ operation: 'PutObjectACL', method: 'PUT', on: 'object', sub: 'acl', answer: putObjectACL },
    parameters: ['versionId'],
  },
  {
    ...{ operation: 'GetObjectACL', method: 'GET', on: 'object', sub: 'acl', answer: getObjectACL },
    parameters: ['versionId'],
  },
  {
    ...{ operation: 'RestoreObject', method: 'POST', on: 'object', sub: 'restore', answer: restoreObject },
    parameters: ['versionId'],
  },
  {
    ...{ operation: 'PutObjectTagging', method: 'PUT', on: 'object', sub: 'tagging' },
    ...{ answer: putObjectTagging, parameters: ['versionId'] },
  },
  {
    ...{ operation: 'GetObjectTagging', method: 'GET', on: 'object', sub: 'tagging' },
    ...{ answer: getObjectTagging, parameters: ['versionId'] },
  },
  {
    ...{ operation: 'DeleteObjectTagging', method: 'DELETE', on: 'object', sub: 'tagging' },
    ...{ answer: deleteObjectTagging, parameters: ['versionId'] },
  },
];

/** Every API call that has a name here. */
export const routes: readonly Route[] = [...implemented, ...bucketRoutes, ...liveRoutes, ...unimplemented];
