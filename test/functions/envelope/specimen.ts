import {
  type Facts,
  type Metadata,
  newEnvelope,
  sealChunks,
  type WrappedKey,
} from '../../../functions/envelope/envelope';
import { chunkCount } from '../../../functions/envelope/layout';
import { collect, cut } from './pieces';

export const dataKey = Buffer.alloc(32, 'data key');

export const wrappedKey: WrappedKey = {
  provider: 'alibaba-kms',
  region: 'cn-hangzhou',
  keyArn: 'acs:kms:cn-hangzhou:123456789:key/0d8a3c33-7ba4-4a4a-8a52-7d9c7ad26eee',
  keyVersionId: '2ab1a983-7072-4bbc-a582-584b5bd8eeee',
  ciphertextBlob: Buffer.from('the wrapped data key').toString('base64'),
};

export const metadata: Metadata = {
  headers: [['content-type', 'text/plain; charset=utf-8']],
  userMetadata: [['owner', '张三']],
  tags: [['stage', '']],
};

/** Facts of an upload of `size` bytes to `key`. */
export function factsOf(size: number, key = 'reports/2026.txt'): Facts {
  return {
    algorithm: 'cobblestone-256',
    vault: { bucket: 'the-vault', key },
    inbox: {
      bucket: 'the-inbox',
      key,
      eTag: '5D41402ABC4B2A76B9719D911017C592',
      versionId: 'CAEQNRiBgICb8o6D0BYiIDNlNzk5NGE2M2Y3ZjRhZTViYTAxZGE0',
      size,
      lastModified: '2026-11-21T01:02:03.000Z',
    },
    sealedAt: '2026-11-21T01:02:04.567Z',
  };
}

/** A whole envelope over `plaintext`, under `dataKey`. */
export async function envelopeOf(
  plaintext: Buffer,
  facts: Facts = factsOf(plaintext.length),
): Promise<Buffer> {
  const { head, message } = newEnvelope(facts, metadata, dataKey, [wrappedKey]);
  const chunks = { from: 0, to: chunkCount({ size: plaintext.length }) };
  return Buffer.concat([head, await collect(sealChunks(message, chunks, cut(plaintext)))]);
}
