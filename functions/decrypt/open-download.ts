import { randomBytes } from 'node:crypto';
import { basename } from 'node:path/posix';
import type { Downloads } from '../cloud/downloads';
import type { Keys } from '../cloud/keys';
import type { Stored, Vault } from '../cloud/vault';
import {
  checkSize,
  encryptionContext,
  type Header,
  openChunks,
  openEnvelope,
  parseHeader,
} from '../envelope/envelope';
import { envelopeRange, type Part, planParts } from '../envelope/layout';
import { cannotOpen } from '../fault';
import { retry } from '../transfer/retry';
import { type OutgoingPart, transfer } from '../transfer/transfer';
import type { Download } from './downloads';

export type OpenTools = {
  vault: Vault;
  downloads: Downloads;
  keys: Keys;
  /** No data key is unwrapped under another key. */
  keyArns: string[];
  partBytes: number;
  parallelParts: number;
  expiresSeconds: number;
  now: () => Date;
};

/** A plaintext that waits in the downloads bucket. */
export type Ready = { url: string; expiresAt: string; bytes: number; contentType: string; name: string };

/** Opens the current envelope of a key into the downloads bucket; the URL exists only once the last chunk has verified. */
export async function openDownload(
  tools: OpenTools,
  { key }: Download,
): Promise<Ready & { kmsRequestId: string }> {
  const { vault, downloads, expiresSeconds, now } = tools;
  const stored = await retry(() => vault.find(key));
  const header = parseHeader(stored.start);
  checkPlace(header, vault.bucket, key);
  checkSize(header, stored.size);
  const { message, metadata, kmsRequestId } = await unwrap(tools, header, stored);
  const name = basename(key) || 'download';
  const object = randomBytes(24).toString('base64url');
  const parts = planParts(message.size, tools.partBytes).map((part) =>
    outgoing(tools, stored, header, message, part),
  );
  await transfer(parts, downloads.writer(object, metadata, name), tools.parallelParts);
  const expiresAt = new Date(now().getTime() + expiresSeconds * 1000).toISOString();
  return {
    url: await downloads.sign(object, expiresSeconds),
    expiresAt,
    bytes: message.size,
    contentType: new Map(metadata.headers).get('content-type') ?? 'application/octet-stream',
    name,
    kmsRequestId,
  };
}

/** An envelope moved to another name, or put there by somebody, is not opened. */
function checkPlace({ facts }: Header, bucket: string, key: string): void {
  if (facts.vault.bucket !== bucket || facts.vault.key !== key) throw cannotOpen('facts name another place');
}

async function unwrap({ keys, keyArns }: OpenTools, header: Header, stored: Stored) {
  const wrappedKey = header.wrappedKeys.find(({ keyArn }) => keyArns.includes(keyArn));
  if (!wrappedKey) throw cannotOpen('no wrapped key is under an allowed key');
  const { dataKey, kmsRequestId } = await retry(() =>
    keys.unwrap(wrappedKey, encryptionContext(header.factsBytes)),
  );
  try {
    return { ...openEnvelope(header, stored.start.subarray(header.length), dataKey), kmsRequestId };
  } finally {
    dataKey.fill(0);
  }
}

type Message = ReturnType<typeof openEnvelope>['message'];

function outgoing(
  { vault }: OpenTools,
  stored: Stored,
  header: Header,
  message: Message,
  part: Part,
): OutgoingPart {
  const sealed = envelopeRange(header.length, part.chunks, message.size);
  return {
    number: part.number,
    size: part.plaintext.to - part.plaintext.from,
    content: () => openChunks(message, part.chunks, vault.read(stored, sealed)),
  };
}
