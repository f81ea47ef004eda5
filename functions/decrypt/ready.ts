import type { Downloads, StoredPlaintext } from '../cloud/downloads';
import type { DownloadRequest } from './download-request';
import { fileNameFor } from './file-name';
import type { Opening } from './states';

export type SignTools = {
  downloads: Downloads;
  /** Life of a URL where the request does not say. */
  expiresSeconds: number;
  /** The sweep deletes a plaintext that is older. */
  downloadSeconds: number;
  now: () => Date;
};

/** A plaintext that waits in the downloads bucket. */
export type Ready = {
  id: string;
  url: string;
  expiresAt: string;
  bytes: number;
  contentRange?: string;
  contentType: string;
  name: string;
  versionId: string;
  sealedAt: string;
  /** Of the upload; the plaintext itself lies in the bucket's own. */
  storageClass: string;
};

export type Signable = { id: string; request: DownloadRequest; opening: Opening; contentType: string };

/** Signs a URL. The role's token outlives it: tokens of functions live 36 hours, runs 24 at most. */
export async function signReady(tools: SignTools, signable: Signable): Promise<Ready> {
  const { id, request, opening, contentType } = signable;
  const { object, uploadId: _, ...facts } = opening;
  const seconds = lifeOf(tools, request);
  // Signatures name whole seconds.
  const from = Math.floor(tools.now().getTime() / 1000) * 1000;
  const name = fileNameFor(request.key, request.fileName);
  const disposition = request.disposition ?? 'attachment';
  const url = await tools.downloads.sign(object, seconds, { fileName: name, disposition, contentType });
  return { id, url, expiresAt: new Date(from + seconds * 1000).toISOString(), contentType, name, ...facts };
}

/** Whether a plaintext is the one of this opening, and stays for as long as a new URL lives. */
export function isReusable(
  tools: SignTools,
  found: StoredPlaintext | undefined,
  { request, opening }: { request: DownloadRequest; opening: Opening },
): found is StoredPlaintext {
  if (!found || found.bytes !== opening.bytes) return false;
  const age = (tools.now().getTime() - found.lastModified.getTime()) / 1000;
  return age + lifeOf(tools, request) < tools.downloadSeconds;
}

function lifeOf(
  { expiresSeconds, downloadSeconds }: SignTools,
  { expiresInSeconds }: DownloadRequest,
): number {
  return Math.min(expiresInSeconds ?? expiresSeconds, downloadSeconds);
}
