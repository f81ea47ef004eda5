import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import {
  encryptionContext,
  type Facts,
  factsBytes,
  type Metadata,
  newEnvelope,
  sealChunks,
  type WrappedKey,
} from '../../functions/envelope/envelope';
import { chunkCount } from '../../functions/envelope/layout';
import { collect, cut, ruled } from '../functions/envelope/pieces';

/** Whole envelopes for whoever writes another reader. Keys and salts are fresh, so each run writes other vectors. */
async function vector(key: string, size: number, metadata: Metadata, wrappedKeys: number) {
  const dataKey = randomBytes(32);
  const facts: Facts = {
    algorithm: 'cobblestone-256',
    vault: { bucket: 'my-vault', key },
    inbox: {
      bucket: 'my-inbox',
      key,
      eTag: randomBytes(16).toString('hex').toUpperCase(),
      versionId: 'CAEQNhiBgMDJgZCA0BYiIDc4MGZjZGI2OTBjOTRmNTE5NmU5NmFhZjhjYmY0',
      size,
      lastModified: '2026-11-21T01:02:03.000Z',
    },
    sealedAt: '2026-11-21T01:02:04.567Z',
  };
  const keys = Array.from({ length: wrappedKeys }, (_, index) => wrappedKey(index));
  const { head, message } = newEnvelope(facts, metadata, dataKey, keys);
  const sealed = await collect(sealChunks(message, { from: 0, to: chunkCount(size) }, cut(ruled(size))));
  return {
    size,
    dataKey: dataKey.toString('hex'),
    encryptionContext: JSON.stringify(encryptionContext(factsBytes(facts))),
    metadata,
    wrappedKeys: keys,
    envelope: Buffer.concat([head, sealed]).toString('base64'),
  };
}

function wrappedKey(index: number): WrappedKey {
  return {
    provider: 'alibaba-kms',
    region: ['cn-hangzhou', 'cn-shanghai'][index] ?? '',
    keyArn: `acs:kms:${['cn-hangzhou', 'cn-shanghai'][index]}:1234567890123456:key/k-${index}`,
    keyVersionId: `v-${index}`,
    ciphertextBlob: randomBytes(108).toString('base64'),
  };
}

async function main([file = '']: string[]) {
  const plain: Metadata = { headers: [['content-type', 'text/plain']], userMetadata: [], tags: [] };
  const rich: Metadata = {
    headers: [
      ['content-type', 'application/pdf'],
      ['cache-control', 'no-cache'],
    ],
    userMetadata: [
      ['author', '作者'],
      ['empty', ''],
    ],
    tags: [['team', 'blue "1"']],
  };
  const vectors = [
    await vector('empty', 0, { headers: [], userMetadata: [], tags: [] }, 1),
    await vector('hello.txt', 11, plain, 1),
    await vector('报告/📦 "quoted" \\ \n\u0001\u007f.pdf', 16_384, rich, 2),
    await vector('a', 20_000, plain, 1),
  ];
  const about =
    'Plaintext byte i is (i * 31 + 7) & 255. KMS would unwrap ciphertextBlob to dataKey under encryptionContext.';
  const madeBy = 'oss-envelope, test/interop/write-vectors.ts';
  writeFileSync(file, `${JSON.stringify({ about, madeBy, vectors }, null, 1)}\n`);
}

void main(process.argv.slice(2));
