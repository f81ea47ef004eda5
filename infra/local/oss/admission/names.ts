import { OssError } from '../wire/errors';

/** 3 to 63 lower-case letters, digits and hyphens, hyphen neither first nor last. Throws InvalidBucketName. */
export function checkBucketName(name: string): void {
  if (/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name)) return;
  throw new OssError('InvalidBucketName', { extra: { BucketName: name } });
}

/** 1 to 1023 bytes of UTF-8, not beginning with / or \. Throws InvalidObjectName (EC 0016-0000000x). */
export function checkObjectName(key: string): void {
  const extra = { ObjectName: key };
  if (key === '') throw new OssError('InvalidObjectName', { ec: '0016-00000001', extra });
  if (Buffer.byteLength(key) > 1023 || /\p{Surrogate}/u.test(key))
    throw new OssError('InvalidObjectName', { ec: '0016-00000002', extra });
  if (/^[/\\]/.test(key)) throw new OssError('InvalidObjectName', { ec: '0016-00000005', extra });
}
