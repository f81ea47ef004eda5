import type { ObjectVersion } from '../store/versions';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';

/**
 * Checks If-Match and If-Unmodified-Since (throws PreconditionFailed naming the header), then If-None-Match and
 * If-Modified-Since. Returns whether the object is to be sent; false means 304. A copy's conditions are the same
 * headers behind the prefix `x-oss-copy-source-`.
 */
export function shouldSend(
  { headers }: Pick<OssRequest, 'headers'>,
  version: Pick<ObjectVersion, 'eTag' | 'modified'>,
  prefix = '',
): boolean {
  const ifMatch = headers[`${prefix}if-match`];
  if (ifMatch !== undefined && !sameETag(ifMatch, version.eTag)) throw failed(`${prefix}If-Match`);
  const ifUnmodified = since(headers[`${prefix}if-unmodified-since`]);
  if (ifUnmodified !== undefined && seconds(version) > ifUnmodified) {
    throw failed(`${prefix}If-Unmodified-Since`);
  }
  const ifNoneMatch = headers[`${prefix}if-none-match`];
  if (ifNoneMatch !== undefined && sameETag(ifNoneMatch, version.eTag)) return false;
  const ifModified = since(headers[`${prefix}if-modified-since`]);
  return ifModified === undefined || seconds(version) > ifModified;
}

/** ETags are compared with or without their quotes. */
export function sameETag(given: string, eTag: string): boolean {
  return given.trim().replace(/^"(.*)"$/, '$1') === eTag;
}

function since(httpDate: string | undefined): number | undefined {
  const time = Date.parse(httpDate ?? '');
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

function seconds({ modified }: Pick<ObjectVersion, 'modified'>): number {
  return Math.floor(modified / 1000);
}

function failed(condition: string): OssError {
  return new OssError('PreconditionFailed', { extra: { Condition: condition } });
}
