import type { FaultCode } from '../fault';
import type { DownloadRequest } from './download-request';

/** What is known of a download under its id, from the moment that work on it began. */
export type DownloadState = {
  request: DownloadRequest;
  startedAt: string;
  /** As soon as the envelope is known. */
  opening?: Opening;
  /** Of the run that ended so. A plaintext that is there all the same counts more. */
  failed?: FaultCode;
};

/** What becomes of an envelope, or of a range of it. */
export type Opening = {
  /** Name in the downloads bucket. */
  object: string;
  bytes: number;
  contentRange?: string;
  versionId: string;
  sealedAt: string;
  storageClass: string;
  /** Where it goes in parts. */
  uploadId?: string;
};

const OBJECT = /^plain\/[\w-]{43}$/;

/** The state in what the bucket holds; undefined where somebody else has put it there. */
export function readState(json: unknown): DownloadState | undefined {
  if (typeof json !== 'object' || json === null || !('request' in json)) return undefined;
  const state = json as DownloadState;
  const isOurs = typeof state.request?.key === 'string' && typeof state.startedAt === 'string';
  return isOurs && (!state.opening || OBJECT.test(state.opening.object)) ? state : undefined;
}

/** What a request says beside its id. */
const FIELDS = ['key', 'versionId', 'range', 'expiresInSeconds', 'fileName', 'disposition'] as const;

export function isSame(a: DownloadRequest, b: DownloadRequest): boolean {
  return FIELDS.every((field) => a[field] === b[field]);
}
