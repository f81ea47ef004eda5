import { OssError } from './errors';
import type { OssRequest } from './request';
import { parseTagging } from './tagging';
import type { ObjectFacts } from './versions';

const kept = [
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
export function objectFacts({ headers }: OssRequest): ObjectFacts {
  checkStorageClass(headers['x-oss-storage-class']);
  checkEncryption(headers['x-oss-server-side-encryption']);
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith('x-oss-meta-'));
  checkMetadata(metadata);
  const known = Object.entries(headers).filter(([name]) => kept.includes(name));
  const defaults = { 'content-type': 'application/octet-stream', 'x-oss-storage-class': 'Standard' };
  return {
    headers: { ...defaults, ...Object.fromEntries(known), ...Object.fromEntries(metadata) },
    tags: parseTagging(headers['x-oss-tagging']),
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

// An archived object would have to be restored before it can be read, which is not played here.
function checkStorageClass(storageClass: string | undefined): void {
  if (storageClass === undefined || ['Standard', 'IA'].includes(storageClass)) return;
  if (!['Archive', 'ColdArchive', 'DeepColdArchive'].includes(storageClass)) {
    throw new OssError('InvalidArgument', { message: 'The storage class is invalid.' });
  }
  throw new OssError('NotImplemented', { message: `Storage class ${storageClass} is not implemented.` });
}

function checkEncryption(method: string | undefined): void {
  if (method === undefined || ['AES256', 'KMS', 'SM4'].includes(method)) return;
  throw new OssError('InvalidArgument', { message: 'The encryption method is invalid.' });
}

function checkMetadata(metadata: [string, string][]): void {
  const size = metadata.reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  if (size <= metadataLimit) return;
  throw new OssError('InvalidArgument', { message: 'The user metadata is larger than 8 KB.' });
}
