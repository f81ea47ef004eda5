import { createHash } from 'node:crypto';
import { asFault, cannotOpen, Fault } from '../fault';
import { existingMessage, type Message, newMessage, openMessage, sealChunks, sealMessage } from './chunks';
import {
  type Facts,
  factsBytes,
  type Header,
  parseHeader,
  plaintextIn,
  type WrappedKey,
  writeHeader,
} from './header';
import { envelopeRange, envelopeSize, MESSAGE_PREFIX, type Part, plaintextSize } from './layout';
import { type Metadata, readMetadata, writeMetadata } from './metadata';

export { openChunks, sealChunks } from './chunks';
export { type Facts, factsBytes, type Header, parseHeader, plaintextIn, type WrappedKey } from './header';
export type { Metadata } from './metadata';

/** What KMS binds a data key to: the application's name and the facts' hash, values without delimiters. */
export type EncryptionContext = { app: 'oss-envelope'; facts: string };

export function encryptionContext(facts: Buffer): EncryptionContext {
  return { app: 'oss-envelope', facts: createHash('sha256').update(facts).digest('hex') };
}

/** An envelope about to be written: `head` is its header and the first bytes of its body, `message` seals the rest. */
export type NewEnvelope = { head: Buffer; headerLength: number; message: Message };

/** Throws `cannot-seal` where a reader would refuse the header: nothing is sealed that would not open. */
export function newEnvelope(
  facts: Facts,
  metadata: Metadata,
  dataKey: Buffer,
  wrappedKeys: WrappedKey[],
): NewEnvelope {
  const context = factsBytes(facts);
  const sealedMetadata = sealMessage(dataKey, metadataContext(context), writeMetadata(metadata));
  const header = writeHeader(context, sealedMetadata, wrappedKeys);
  const message = newMessage(dataKey, context, facts.inbox.size);
  checkOpens(header, message, dataKey);
  return { head: Buffer.concat([header, message.prefix]), headerLength: header.length, message };
}

/**
 * Opens what follows a parsed header: checks the commitment of `body` (the 56 bytes after the header) and opens the
 * metadata. Throws `cannot-open`.
 */
export function openEnvelope(
  header: Header,
  body: Buffer,
  dataKey: Buffer,
): { message: Message; metadata: Metadata } {
  const message = existingMessage(
    dataKey,
    header.factsBytes,
    header.facts.inbox.size,
    body.subarray(0, MESSAGE_PREFIX),
  );
  const size = plaintextSize(header.metadata.length);
  if (size === undefined) throw cannotOpen('length of the metadata');
  const metadata = openMessage(dataKey, metadataContext(header.factsBytes), header.metadata, size);
  return { message, metadata: readMetadata(metadata) };
}

/** Throws `cannot-open` where an object of `size` bytes is not the envelope that its facts describe. */
export function checkSize(header: Header, size: number): void {
  if (size !== envelopeSize(header.length, plaintextIn(header))) throw cannotOpen('length of the envelope');
}

function checkOpens(header: Buffer, { prefix }: Message, dataKey: Buffer): void {
  try {
    openEnvelope(parseHeader(header), prefix, dataKey);
  } catch (error) {
    throw new Fault(
      'cannot-seal',
      'Cannot seal the upload: what OSS says of it does not fit the format',
      asFault(error).detail,
    );
  }
}

/** Facts start with `{`, so this is never the context of a body. */
function metadataContext(facts: Buffer): Buffer {
  return Buffer.concat([Buffer.from('metadata\n'), facts]);
}

/** A part of a new envelope: its run of sealed chunks, and before the first the header. `read` gives its plaintext. */
export function sealedPart(
  { head, headerLength, message }: NewEnvelope,
  { number, chunks }: Pick<Part, 'number' | 'chunks'>,
  read: () => AsyncIterable<Buffer>,
) {
  const { from, to } = envelopeRange(headerLength, chunks, message);
  const before = number === 1 ? head : Buffer.alloc(0);
  async function* content() {
    yield before;
    yield* sealChunks(message, chunks, read());
  }
  return { number, size: before.length + to - from, content };
}
