import { abortMultipartUpload } from '../operations/abortMultipartUpload';
import { appendObject } from '../operations/appendObject';
import { completeMultipartUpload } from '../operations/completeMultipartUpload';
import { copyObject } from '../operations/copyObject';
import { deleteMultipleObjects } from '../operations/deleteMultipleObjects';
import { deleteObject } from '../operations/deleteObject';
import { deleteObjectTagging } from '../operations/deleteObjectTagging';
import { getObject } from '../operations/getObject';
import { getObjectACL } from '../operations/getObjectACL';
import { getObjectMeta } from '../operations/getObjectMeta';
import { getObjectTagging } from '../operations/getObjectTagging';
import { getSymlink } from '../operations/getSymlink';
import { headObject } from '../operations/headObject';
import { initiateMultipartUpload } from '../operations/initiateMultipartUpload';
import { listParts } from '../operations/listParts';
import { postObject } from '../operations/postObject';
import { putObject } from '../operations/putObject';
import { putObjectACL } from '../operations/putObjectACL';
import { putObjectTagging } from '../operations/putObjectTagging';
import { putSymlink } from '../operations/putSymlink';
import { restoreObject } from '../operations/restoreObject';
import { uploadPart } from '../operations/uploadPart';
import { uploadPartCopy } from '../operations/uploadPartCopy';
import { overrides } from '../wire/response-overrides';
import { type Route, reads, route, writes } from './route';

// The last is a header: it changes what these calls answer as the parameters do.
const callback = ['callback', 'callback-var', 'x-oss-callback'];
const copies = { header: 'x-oss-copy-source', readsSource: true, ...writes } as const;

/** The API calls about objects; of two that fit equally the first is meant. */
export const objectRoutes: readonly Route[] = [
  route('PutObject', 'PUT object', putObject, { parameters: callback, ...writes, writesTags: true }),
  route('PostObject', 'POST bucket', postObject, {
    isForm: true,
    parameters: callback,
    ...writes,
    writesTags: true,
  }),
  route('AppendObject', 'POST object?append', appendObject, {
    parameters: ['position'],
    ...writes,
    writesTags: true,
  }),
  route('CopyObject', 'PUT object', copyObject, { ...copies, writesTags: true }),
  route('GetObject', 'GET object', getObject, { parameters: ['versionId', ...overrides], ...reads }),
  route('HeadObject', 'HEAD object', headObject, { parameters: ['versionId'], ...reads }),
  route('GetObjectMeta', 'HEAD object?objectMeta', getObjectMeta, { parameters: ['versionId'], ...reads }),
  route('DeleteObject', 'DELETE object', deleteObject, {
    parameters: ['versionId', 'symlink'],
    ofVersion: ['oss:DeleteObjectVersion'],
  }),
  route('DeleteMultipleObjects', 'POST bucket?delete', deleteMultipleObjects, {
    parameters: ['encoding-type'],
    checksKeys: true,
  }),
  route('RestoreObject', 'POST object?restore', restoreObject, {
    parameters: ['versionId'],
    ofVersion: ['oss:RestoreObjectVersion'],
  }),

  route('InitiateMultipartUpload', 'POST object?uploads', initiateMultipartUpload, {
    parameters: ['encoding-type', 'sequential', 'versionId'],
    ...writes,
    writesTags: true,
  }),
  route('UploadPart', 'PUT object?uploadId', uploadPart, {
    parameters: ['partNumber', 'sequential'],
    ...writes,
  }),
  route('UploadPartCopy', 'PUT object?uploadId', uploadPartCopy, {
    parameters: ['partNumber', 'versionId'],
    ...copies,
  }),
  route('CompleteMultipartUpload', 'POST object?uploadId', completeMultipartUpload, {
    parameters: ['encoding-type', 'sequential', 'versionId', ...callback],
    ...writes,
  }),
  route('AbortMultipartUpload', 'DELETE object?uploadId', abortMultipartUpload),
  route('ListParts', 'GET object?uploadId', listParts, {
    parameters: ['max-parts', 'part-number-marker', 'encoding-type'],
  }),

  route('PutSymlink', 'PUT object?symlink', putSymlink, { ...writes, writesTags: true }),
  route('GetSymlink', 'GET object?symlink', getSymlink, { parameters: ['versionId'], ...reads }),
  route('PutObjectACL', 'PUT object?acl', putObjectACL, {
    parameters: ['versionId'],
    action: 'oss:PutObjectAcl',
    ofVersion: ['oss:PutObjectVersionAcl'],
  }),
  route('GetObjectACL', 'GET object?acl', getObjectACL, {
    parameters: ['versionId'],
    action: 'oss:GetObjectAcl',
    ofVersion: ['oss:GetObjectVersionAcl'],
  }),
  route('PutObjectTagging', 'PUT object?tagging', putObjectTagging, {
    parameters: ['versionId'],
    ofVersion: ['oss:PutObjectVersionTagging'],
  }),
  route('GetObjectTagging', 'GET object?tagging', getObjectTagging, {
    parameters: ['versionId'],
    ofVersion: ['oss:GetObjectTagging', 'oss:GetObjectVersionTagging'],
  }),
  route('DeleteObjectTagging', 'DELETE object?tagging', deleteObjectTagging, {
    parameters: ['versionId'],
    ofVersion: ['oss:DeleteObjectVersionTagging'],
  }),
];
