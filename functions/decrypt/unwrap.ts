import { createHmac } from 'node:crypto';
import { encryptionContext, openEnvelope } from '../envelope/envelope';
import type { Range } from '../envelope/layout';
import { cannotOpen } from '../fault';
import type { DownloadRequest } from './download-request';
import type { DataKeys } from './key-cache';
import type { SealedEnvelope } from './read-envelope';

export type UnwrapTools = {
  keys: DataKeys;
  /** No data key is unwrapped under another key. */
  keyArns: string[];
  note: (fields: { kmsRequestId: string; cached: boolean }) => void;
};

/** Has the data key unwrapped, and derives all that needs it: what opens the envelope, and names nobody can guess. */
export async function unwrap(
  { keys, keyArns, note }: UnwrapTools,
  { stored, header }: SealedEnvelope,
  { request, range }: { request: DownloadRequest; range: Range },
) {
  const wrappedKey = header.wrappedKeys.find(({ keyArn }) => keyArns.includes(keyArn));
  if (!wrappedKey) throw cannotOpen('no wrapped key is under an allowed key');
  const context = encryptionContext(header.factsBytes);
  const { dataKey, kmsRequestId, cached } = await keys.unwrap(wrappedKey, context);
  note({ kmsRequestId, cached });
  try {
    return {
      ...openEnvelope(header, stored.start.subarray(header.length), dataKey),
      object: `plain/${secretName(dataKey, `download\n${stored.versionId}\n${range.from}-${range.to}`)}`,
      id: secretName(dataKey, `id\n${stored.versionId}\n${range.from}-${range.to}\n${presented(request)}`),
    };
  } finally {
    dataKey.fill(0);
  }
}

/** The same for the same request. The envelope's own keys come of the data key by SHA-512, never by this. */
function secretName(dataKey: Buffer, purpose: string): string {
  return createHmac('sha256', dataKey).update(purpose).digest('base64url');
}

function presented({ expiresInSeconds, fileName, disposition }: DownloadRequest): string {
  return JSON.stringify([expiresInSeconds, fileName, disposition]);
}
