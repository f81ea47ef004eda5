import type { Oss } from '../store/operation';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { children, type Node, text, texts } from '../wire/xml';

/** A configuration that is one element with one of these values. Throws MalformedXML. */
export function checkFlag(name: string, values: string[]): (content: Node) => void {
  return (content) => {
    if (!values.includes(text(content, name) ?? '')) throw new OssError('MalformedXML');
  };
}

/** Enabled or Disabled. Throws MalformedXML, OperationNotSupported while lifecycle rules go by the times it tracks. */
export function checkAccessMonitor(content: Node, { store }: Oss, { bucket }: OssRequest): void {
  checkFlag('Status', ['Enabled', 'Disabled'])(content);
  const lifecycle = store.buckets.get(bucket)?.settings.get('lifecycle') ?? '';
  if (text(content, 'Status') === 'Enabled' || !/<IsAccessTime>true</.test(lifecycle)) return;
  throw new OssError('OperationNotSupported');
}

/** 1 to 20 rules, each with an origin and a method; a list has at most one value with one `*`. Throws MalformedXML, InvalidArgument. */
export function checkCors(content: Node): void {
  const rules = children(content, 'CORSRule');
  if (rules.length === 0 || rules.length > 20) throw new OssError('MalformedXML');
  for (const rule of rules) {
    if (texts(rule, 'AllowedOrigin').length === 0) throw new OssError('MalformedXML');
    checkMethods(texts(rule, 'AllowedMethod'));
    checkWildcards('AllowedOrigin', texts(rule, 'AllowedOrigin'));
    checkWildcards('AllowedHeader', texts(rule, 'AllowedHeader'));
    if (texts(rule, 'ExposeHeader').some((name) => name.includes('*'))) {
      throw invalid('ExposeHeader', '*');
    }
    const maxAge = text(rule, 'MaxAgeSeconds') ?? '0';
    if (!/^\d{1,9}$/.test(maxAge)) throw invalid('MaxAgeSeconds', maxAge);
  }
}

function checkMethods(methods: string[]): void {
  if (methods.length === 0) throw new OssError('MalformedXML');
  const unknown = methods.find((method) => !['GET', 'PUT', 'DELETE', 'POST', 'HEAD'].includes(method));
  if (unknown !== undefined) throw invalid('AllowedMethod', unknown);
}

function checkWildcards(name: string, patterns: string[]): void {
  const twice = patterns.find((pattern) => pattern.split('*').length > 2);
  if (twice !== undefined) throw invalid(name, twice);
}

/** Throws MalformedXML, InvalidEncryptionAlgorithmError, InvalidArgument for a key without KMS or an unknown data algorithm. */
export function checkEncryption(content: Node): void {
  const [rule] = children(content, 'ApplyServerSideEncryptionByDefault');
  if (rule === undefined) throw new OssError('MalformedXML');
  const algorithm = text(rule, 'SSEAlgorithm') ?? '';
  if (!['AES256', 'KMS', 'SM4'].includes(algorithm)) throw new OssError('InvalidEncryptionAlgorithmError');
  const keyId = text(rule, 'KMSMasterKeyID') ?? '';
  if (keyId !== '' && algorithm !== 'KMS') throw invalid('KMSMasterKeyID', keyId);
  const data = text(rule, 'KMSDataEncryption') ?? '';
  if (data !== '' && data !== 'SM4') throw invalid('KMSDataEncryption', data);
}

/** The target must be a bucket here. Throws MalformedXML, InvalidTargetBucketForLogging. */
export function checkLogging(content: Node, { store }: Oss): void {
  const [enabled] = children(content, 'LoggingEnabled');
  if (enabled === undefined) return;
  const target = text(enabled, 'TargetBucket');
  if (target === undefined) throw new OssError('MalformedXML');
  if (!store.buckets.has(target)) {
    throw new OssError('InvalidTargetBucketForLogging', { extra: { TargetBucket: target } });
  }
}

/** Header or parameter names to be logged. Throws MalformedXML when there are none. */
export function checkLogFields(content: Node): void {
  const sets = [...children(content, 'HeaderSet'), ...children(content, 'ParamSet')];
  if (sets.length === 0) throw new OssError('MalformedXML');
}

/** Throws MalformedXML unless it says whether a request may come without a Referer. */
export function checkReferer(content: Node): void {
  checkFlag('AllowEmptyReferer', ['true', 'false'])(content);
}

/** Throws MalformedXML unless there is a payer, InvalidArgument when there is no such payer. */
export function checkRequestPayment(content: Node): void {
  const payer = text(content, 'Payer');
  if (payer === undefined) throw new OssError('MalformedXML');
  if (!['BucketOwner', 'Requester'].includes(payer)) throw invalid('Payer', payer);
}

/** GB, or -1 for no limit; the limit is not enforced here. Throws MalformedXML, InvalidArgument. */
export function checkStorageCapacity(content: Node): void {
  const capacity = text(content, 'StorageCapacity');
  if (capacity === undefined) throw new OssError('MalformedXML');
  if (!/^(-1|\d{1,12})$/.test(capacity)) throw invalid('StorageCapacity', capacity);
}

/** Versions of TLS where TLS is enabled. Throws MalformedXML. */
export function checkHttps(content: Node): void {
  const [tls] = children(content, 'TLS');
  if (tls === undefined) return;
  checkFlag('Enable', ['true', 'false'])(tls);
  const versions = texts(tls, 'TLSVersion');
  const known = versions.every((version) => /^TLSv1\.[0-3]$/.test(version));
  const missing = text(tls, 'Enable') === 'true' && versions.length === 0;
  if (!known || missing) throw new OssError('MalformedXML');
}

/** 1 to 20 tags; keys of 1 to 64 and values of up to 128 bytes, no key twice. Throws MalformedXML, InvalidTag. */
export function checkTags(content: Node): void {
  const [tagSet] = children(content, 'TagSet');
  const tags = tagsOf(content);
  if (tagSet === undefined || tags.length === 0) throw new OssError('MalformedXML');
  const keys = new Set(tags.map(({ key }) => key));
  const fits = tags.every(
    ({ key, value }) => key !== '' && Buffer.byteLength(key) <= 64 && Buffer.byteLength(value) <= 128,
  );
  if (!fits || keys.size < tags.length || tags.length > 20) throw new OssError('InvalidTag');
}

/** The tags of a bucket's Tagging document. */
export function tagsOf(content: Node): { key: string; value: string }[] {
  const [tagSet = ''] = children(content, 'TagSet');
  return children(tagSet, 'Tag').map((tag) => ({
    key: text(tag, 'Key') ?? '',
    value: text(tag, 'Value') ?? '',
  }));
}

/** The error of a value that is none for that element. */
export function invalid(name: string, value: string): OssError {
  return new OssError('InvalidArgument', {
    message: `The ${name} is invalid.`,
    extra: { ArgumentName: name, ArgumentValue: value },
  });
}
