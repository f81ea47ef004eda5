import type { Authorize } from '../../ram/authorize';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import type { Reading } from './blobs';
import type { Bucket } from './bucket';
import type { Change } from './event';
import type { Store } from './store';

/** What an operation works with. */
export type Oss = {
  store: Store;
  now: () => number;
  /** Without `oss-`, for example cn-hangzhou. */
  region: string;
  accountId: string;
  /** Whether a new bucket refuses public ACLs and policies. */
  blockPublicAccess: boolean;
  /** Throws AccessDenied where the caller may not do this to a key that is not that of the URL. */
  checkKey: (operation: string, place: { bucket?: string; key: string; versionId?: string }) => void;
  /** Host and port of the main listener. */
  host: () => string;
  /** What each caller may do; absent, everybody may do everything that no bucket policy denies. */
  authorize?: Authorize | undefined;
  /** Whether `acs:SecureTransport` is true here, where there is no TLS. */
  loopbackIsSecure: boolean;
};

/** What an operation answers; `change` is what the bucket's notifications are to hear of it. */
export type Answer = {
  status: number;
  headers?: Record<string, string>;
  xml?: string;
  json?: string;
  content?: Reading;
  /** Whether the length of the content is not known when it begins. */
  unsized?: boolean;
  change?: Change | Change[];
};

/** One API call: applies the request and says what to answer. Throws OssError. */
export type Operation = (oss: Oss, request: OssRequest) => Promise<Answer> | Answer;

/** The bucket of the request. Throws NoSuchBucket. */
export function bucketOf({ store }: Pick<Oss, 'store'>, { bucket }: OssRequest): Bucket {
  const found = store.buckets.get(bucket);
  if (!found) throw new OssError('NoSuchBucket', { extra: { BucketName: bucket } });
  return found;
}

/**
 * Runs the part of an operation that looks and then changes, with no other change of this key in between.
 * Throws NoSuchBucket when the bucket went away while the body came in.
 */
export function changeKey(
  oss: Oss,
  request: OssRequest,
  change: (bucket: Bucket) => Promise<Answer>,
): Promise<Answer> {
  const work = async () => change(bucketOf(oss, request));
  return oss.store.exclusively(`${request.bucket}/${request.key}`, work);
}

/** Runs a change of the bucket itself, one at a time. */
export function changeBucket(oss: Oss, request: OssRequest, work: () => Promise<Answer>): Promise<Answer> {
  return oss.store.exclusively(request.bucket, work);
}
