import { checkBody } from './schemas';

/** What is asked for: one envelope of the vault, or a range of it. */
export type DownloadRequest = {
  key: string;
  /** The current version by default. */
  versionId?: string;
  /** One byte range, as in an HTTP Range header; the whole by default. */
  range?: string;
  /** The caller's own name for this request: 16 to 64 characters. */
  id?: string;
  /** Life of the URL. */
  expiresInSeconds?: number;
  /** What the plaintext is to be saved as; the last segment of the key by default. */
  fileName?: string;
  disposition?: 'attachment' | 'inline';
};

/** Throws `request-invalid`, naming what is wrong. */
export function readDownloadRequest(json: unknown): DownloadRequest {
  return checkBody(json) as DownloadRequest;
}
