import type { Bucket } from '../store/bucket';
import { children, parseXml, text } from '../wire/xml';

/** What the bucket's encryption rule says of an object whose request says nothing, as request headers. */
export function defaultEncryption({ settings }: Bucket): Record<string, string> {
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
