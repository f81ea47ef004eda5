import { openKeys } from '../../functions/cloud/keys';
import {
  checkSize,
  encryptionContext,
  type Header,
  openChunks,
  openEnvelope,
  parseHeader,
} from '../../functions/envelope/envelope';
import {
  chunkCount,
  envelopeRange,
  HEADER_MAX,
  MESSAGE_PREFIX,
  type Range,
} from '../../functions/envelope/layout';
import type { Metadata } from '../../functions/envelope/metadata';
import { cannotOpen } from '../../functions/fault';
import type { Input } from '../files/input';
import { type Location, showLocation } from '../files/location';
import type { Session } from '../session/session';
import { Failure } from '../terminal/failure';

/** Bytes that can be read anywhere: an `Input`, or a version of an object. */
export type Sealed = Pick<Input, 'size' | 'read'>;

export type Looked = {
  header: Header /** The start of the body, at least its first 56 bytes. */;
  start: Buffer;
};

export type Opened = {
  header: Header;
  metadata: Metadata;
  /** The key that unwrapped it. */
  keyArn: string;
  kmsRequestId: string;
  /** A run of chunks, verified chunk by chunk; all of them by default. */
  chunks(run?: Range): AsyncGenerator<Buffer>;
};

/** What can be known without a key. Throws `cannot-open`. */
export async function lookAt(sealed: Sealed): Promise<Looked> {
  const pieces: Buffer[] = [];
  const to = Math.min(sealed.size, HEADER_MAX + MESSAGE_PREFIX);
  for await (const piece of sealed.read({ from: 0, to })) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  const header = parseHeader(bytes);
  checkSize(header, sealed.size);
  return { header, start: bytes.subarray(header.length) };
}

/** Throws `place-differs`: an envelope that was moved or renamed opens only where the operator says so. */
export function checkPlace({ facts }: Header, place: Location): void {
  if (facts.vault.bucket === place.bucket && facts.vault.key === place.key) return;
  const theirs = showLocation(facts.vault);
  throw new Failure(
    'place-differs',
    `Cannot open the envelope of ${showLocation(place)}: it was sealed for ${theirs}`,
    {
      todo: `if that is the one you mean, say --place ${theirs}`,
    },
  );
}

/**
 * Has the data key unwrapped by KMS in the region that the wrapped key names. `keyArns`: the keys that may be asked for;
 * undefined: whichever the header names. Throws `cannot-open` and what KMS refuses with.
 */
export async function openSealed(
  session: Session,
  sealed: Sealed,
  { header, start }: Looked,
  keyArns?: string[],
): Promise<Opened> {
  const wrappedKey = header.wrappedKeys.find(({ keyArn }) => keyArns?.includes(keyArn) ?? true);
  if (!wrappedKey) throw cannotOpen('no wrapped key is under an allowed key');
  const { region, keyArn } = wrappedKey;
  const keys = openKeys(await session.kms(region), { region, accountId: '' });
  const context = encryptionContext(header.factsBytes);
  const { dataKey, kmsRequestId } = await session.retry(() => keys.unwrap(wrappedKey, context));
  try {
    const { message, metadata } = openEnvelope(header, start, dataKey);
    const all = { from: 0, to: chunkCount(message.size) };
    const chunks = (run: Range = all) =>
      openChunks(message, run, sealed.read(envelopeRange(header.length, run, message.size)));
    return { header, metadata, keyArn, kmsRequestId, chunks };
  } finally {
    dataKey.fill(0);
  }
}
