import { type Facts, newEnvelope, sealChunks } from '../../functions/envelope/envelope';
import { chunkCount, envelopeSize } from '../../functions/envelope/layout';
import type { Location } from '../files/location';
import type { Session } from '../session/session';
import { newDataKey } from './data-key';
import { originOfFile } from './place';

/** Plaintext that comes once and in order. */
export type FileSource = {
  /** Without folders. */
  name: string;
  /** Bytes; `content` has to give exactly so many. */
  size: number;
  modifiedAt: Date;
  content(): AsyncIterable<Buffer>;
};

export type SealedFile = {
  facts: Facts;
  /** Bytes of the envelope. */
  size: number;
  keyArn: string;
  kmsRequestId: string;
  /** The envelope. Throws `source-changed` where the source has another size than it said. */
  content(): AsyncGenerator<Buffer>;
};

/** An envelope of a local file, for `place`. Throws what KMS refuses with, `cannot-seal`. */
export async function sealFile(
  session: Session,
  source: FileSource,
  { place, keyId }: { place: Location; keyId: string },
): Promise<SealedFile> {
  const facts = factsOf(source, place);
  const { dataKey, wrappedKey, kmsRequestId } = await newDataKey(session, keyId, facts);
  const none = { headers: [], userMetadata: [], tags: [] };
  try {
    const { head, headerLength, message } = newEnvelope(facts, none, dataKey, [wrappedKey]);
    const all = { from: 0, to: chunkCount(source) };
    async function* content() {
      yield head;
      yield* sealChunks(message, all, source.content());
    }
    const size = envelopeSize(headerLength, source);
    return { facts, size, keyArn: wrappedKey.keyArn, kmsRequestId, content };
  } finally {
    dataKey.fill(0);
  }
}

function factsOf(source: FileSource, { bucket, key }: Location): Facts {
  return {
    algorithm: 'cobblestone-256',
    vault: { bucket, key },
    inbox: originOfFile(source),
    sealedAt: new Date().toISOString(),
  };
}
