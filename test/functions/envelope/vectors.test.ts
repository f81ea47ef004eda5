import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  checkSize,
  encryptionContext,
  type Metadata,
  openChunks,
  openEnvelope,
  parseHeader,
  type WrappedKey,
} from '../../../functions/envelope/envelope';
import { chunkCount, MESSAGE_PREFIX } from '../../../functions/envelope/layout';
import { collect, cut, ruled } from './pieces';

type Vector = {
  size: number;
  dataKey: string;
  encryptionContext: string;
  metadata: Metadata;
  wrappedKeys: WrappedKey[];
  envelope: string;
};
type Refused = { why: string; dataKey: string; envelope: string };

const { vectors, refused } = JSON.parse(readFileSync('test/vectors/envelope-1.json', 'utf8')) as {
  vectors: Vector[];
  refused: Refused[];
};

async function open({ dataKey, envelope }: { dataKey: string; envelope: string }) {
  const bytes = Buffer.from(envelope, 'base64');
  const header = parseHeader(bytes);
  checkSize(header, bytes.length);
  const body = bytes.subarray(header.length);
  const { message, metadata } = openEnvelope(header, body, Buffer.from(dataKey, 'hex'));
  const chunks = { from: 0, to: chunkCount(message) };
  return {
    header,
    metadata,
    plaintext: await collect(openChunks(message, chunks, cut(body.subarray(MESSAGE_PREFIX)))),
  };
}

describe('the committed envelopes open', () => {
  test.each(vectors)('size=$size', async (vector) => {
    const { header, metadata, plaintext } = await open(vector);
    expect(plaintext.equals(ruled(vector.size))).toBe(true);
    expect(metadata).toEqual(vector.metadata);
    expect(header.wrappedKeys).toEqual(vector.wrappedKeys);
    expect(JSON.stringify(encryptionContext(header.factsBytes))).toBe(vector.encryptionContext);
  });
});

describe('what must be refused is refused, though its data key is right', () => {
  test.each(refused)('$why', async (vector) => {
    await expect(open(vector)).rejects.toMatchObject({ code: 'cannot-open' });
  });
});
