import { refusePublicObject } from '../buckets/public-access';
import { parseTagging } from '../buckets/tagging';
import type { Bucket } from '../store/bucket';
import type { ObjectAcl, ObjectFacts } from '../store/versions';
import { OssError } from '../wire/errors';
import { headerBytes } from '../wire/header-text';
import type { OssRequest } from '../wire/request';
import { children, parseXml, text } from '../wire/xml';
import { storageClasses } from './archive';

/** The headers that an object keeps beside its user metadata. */
export const keptHeaders = [
  'content-type',
  'content-encoding',
  'content-language',
  'content-disposition',
  'cache-control',
  'expires',
  'x-oss-storage-class',
  'x-oss-server-side-encryption',
  'x-oss-server-side-encryption-key-id',
  'x-oss-server-side-data-encryption',
];

const metadataLimit = 8 * 1024;

/** What the headers of a PutObject or InitiateMultipartUpload say about the object. Throws InvalidArgument. */
export function objectFacts(request: OssRequest, bucket: Bucket): ObjectFacts {
  const encrypted = request.headers['x-oss-server-side-encryption'] !== undefined;
  const headers = encrypted ? request.headers : { ...request.headers, ...defaultEncryption(bucket) };
  checkStorageClass(headers['x-oss-storage-class']);
  checkEncryption(headers['x-oss-server-side-encryption']);
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith('x-oss-meta-'));
  checkMetadata(metadata);
  const known = Object.entries(headers).filter(
    ([name]) => keptHeaders.includes(name) && counts(name, headers),
  );
  const defaults = { 'content-type': 'application/octet-stream', 'x-oss-storage-class': bucket.storageClass };
  return {
    headers: {
      ...defaults,
      ...kmsKey(headers),
      ...Object.fromEntries(known),
      ...Object.fromEntries(metadata),
    },
    tags: parseTagging(headers['x-oss-tagging']),
    ...aclOf(readAcl(bucket, headers['x-oss-object-acl'])),
  };
}

/** Reads x-oss-forbid-overwrite. Throws InvalidArgument unless it is true, false or absent. */
export function forbidsOverwrite({ headers }: OssRequest): boolean {
  const value = headers['x-oss-forbid-overwrite'];
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw new OssError('InvalidArgument', {
    message: 'The x-oss-forbid-overwrite must be true or false.',
    ec: '0017-00000279',
    extra: { ArgumentName: 'x-oss-forbid-overwrite', ArgumentValue: value },
  });
}

/** Reads x-oss-object-acl; undefined is `default`. Throws InvalidArgument, AccessDenied for a public one. */
export function readAcl(bucket: Bucket, acl = 'default'): ObjectAcl | undefined {
  if (acl === 'default') return undefined;
  if (acl === 'private' || acl === 'public-read' || acl === 'public-read-write') {
    refusePublicObject(bucket, acl);
    return acl;
  }
  throw new OssError('InvalidArgument', {
    message: 'no such object access control exists',
    extra: { ArgumentName: 'x-oss-object-acl', ArgumentValue: acl },
  });
}

/** The ACL as a version has it: nothing for `default`. */
export function aclOf(acl: ObjectAcl | undefined): { acl?: ObjectAcl } {
  return acl === undefined ? {} : { acl };
}

function checkStorageClass(storageClass: string | undefined): void {
  if (storageClass === undefined || storageClasses.includes(storageClass)) return;
  throw new OssError('InvalidArgument', { message: 'The storage class is invalid.' });
}

// Which key and cipher KMS is to use means nothing for the encryption by OSS itself.
function counts(name: string, headers: OssRequest['headers']): boolean {
  const ofKms = ['x-oss-server-side-encryption-key-id', 'x-oss-server-side-data-encryption'];
  return !ofKms.includes(name) || headers['x-oss-server-side-encryption'] === 'KMS';
}

// The key that KMS keeps for OSS (acs/oss) where the request names none.
function kmsKey(headers: OssRequest['headers']): Record<string, string> {
  if (headers['x-oss-server-side-encryption'] !== 'KMS') return {};
  return { 'x-oss-server-side-encryption-key-id': '9468da86-3509-4f8d-a61e-6eab1eac0055' };
}

function checkEncryption(method: string | undefined): void {
  if (method === undefined || ['AES256', 'KMS', 'SM4'].includes(method)) return;
  throw new OssError('InvalidArgument', { message: 'The encryption method is invalid.' });
}

// OSS docs, ECs 0011-00000004, -005 and -002. What a value may hold is not told: nothing that ends a header.
function checkMetadata(metadata: [string, string][]): void {
  for (const [name, value] of metadata) {
    if (!/^x-oss-meta-[a-z0-9-]+$/.test(name))
      throw metadataError('The name of a user metadata has characters other than a-z, 0-9 and -.', '4');
    if ([...value].some((one) => (one < ' ' && one !== '\t') || one === '\u007f'))
      throw metadataError('The value of a user metadata has control characters.', '5');
  }
  const size = metadata.reduce((sum, pair) => sum + headerBytes(pair.join('')).length, 0);
  if (size > metadataLimit) throw metadataError('The user metadata is larger than 8 KB.', '2');
}

function metadataError(message: string, ec: string): OssError {
  return new OssError('InvalidArgument', { message, ec: `0011-0000000${ec}` });
}

/** What the bucket's encryption rule says of an object whose request says nothing, as request headers. */
function defaultEncryption({ settings }: Bucket): Record<string, string> {
  const document = settings.get('encryption');
  if (document === undefined) return {};
  const content = parseXml(document, 'ServerSideEncryptionRule');
  const [rule = ''] = children(content, 'ApplyServerSideEncryptionByDefault');
  const headers = {
    'x-oss-server-side-encryption': text(rule, 'SSEAlgorithm'),
    'x-oss-server-side-data-encryption': text(rule, 'KMSDataEncryption'),
    'x-oss-server-side-encryption-key-id': text(rule, 'KMSMasterKeyID'),
  };
  return Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => !!entry[1]));
}
