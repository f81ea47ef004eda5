import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { newMessage, sealChunks, sealMessage } from '../../functions/envelope/chunks';
import {
  encryptionContext,
  type Facts,
  factsBytes,
  type Metadata,
  newEnvelope,
  type WrappedKey,
} from '../../functions/envelope/envelope';
import { writeHeader } from '../../functions/envelope/header';
import { chunkCount } from '../../functions/envelope/layout';
import { writeMetadata } from '../../functions/envelope/metadata';
import { collect, cut, ruled } from '../functions/envelope/pieces';

/**
 * Whole envelopes for whoever writes another reader, and well-sealed ones that must be refused. Keys and salts are
 * fresh, so each run writes other vectors.
 */
function factsOf(key: string, size: number): Facts {
  return {
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
}

function wrappedKeys(count: number): WrappedKey[] {
  return ['cn-hangzhou', 'cn-shanghai', 'cn-beijing', 'cn-shenzhen'].slice(0, count).map((region) => ({
    provider: 'alibaba-kms',
    region,
    keyArn: `acs:kms:${region}:1234567890123456:key/k-1`,
    keyVersionId: 'v-1',
    ciphertextBlob: randomBytes(108).toString('base64'),
  }));
}

const none: Metadata = { headers: [], userMetadata: [], tags: [] };
const plain: Metadata = { ...none, headers: [['content-type', 'text/plain']] };
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
const large: Metadata = { ...none, userMetadata: ['a', 'b', 'c'].map((name) => [name, name.repeat(6000)]) };

async function vector(key: string, size: number, metadata: Metadata, keys = wrappedKeys(1)) {
  const dataKey = randomBytes(32);
  const facts = factsOf(key, size);
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

/** What may stand in a header or metadata that a reader must not accept, whoever sealed it. */
type Change = {
  facts?: (json: string) => string;
  metadata?: (json: string) => string;
  header?: (bytes: Buffer) => void;
};

async function refused(why: string, { facts = same, metadata = same, header = () => {} }: Change) {
  const [dataKey, size] = [randomBytes(32), 11];
  const context = Buffer.from(facts(factsBytes(factsOf('hello.txt', size)).toString()));
  const metadataContext = Buffer.concat([Buffer.from('metadata\n'), context]);
  const sealedMetadata = sealMessage(
    dataKey,
    metadataContext,
    Buffer.from(metadata(writeMetadata(rich).toString())),
  );
  const head = writeHeader(context, sealedMetadata, wrappedKeys(1));
  header(head);
  const message = newMessage(dataKey, context, size);
  const sealed = await collect(sealChunks(message, { from: 0, to: 1 }, cut(ruled(size))));
  const envelope = Buffer.concat([head, message.prefix, sealed]).toString('base64');
  return { why, dataKey: dataKey.toString('hex'), envelope };
}

const same = (json: string) => json;
const replace = (from: string, to: string) => (json: string) => json.replace(from, to);

function unusedBits(header: Buffer): void {
  const end = header.indexOf('\nkeys ');
  const last = header.toString('latin1', end - 2, end);
  if (last !== '==') header.write('B', end - (last.endsWith('=') ? 2 : 1));
  else header.write('B', end - 3);
}

const changes: [string, Change][] = [
  ['facts: a name twice', { facts: replace('"sealedAt"', '"algorithm":"cobblestone-256","sealedAt"') }],
  ['facts: an unknown name', { facts: replace('"sealedAt"', '"more":1,"sealedAt"') }],
  [
    'facts: another order',
    { facts: replace('"bucket":"my-vault","key":"hello.txt"', '"key":"hello.txt","bucket":"my-vault"') },
  ],
  ['facts: white space', { facts: replace(':', ': ') }],
  ['facts: an escape that need not be', { facts: replace('hello.txt', 'h\\u0065llo.txt') }],
  ['facts: an exponent', { facts: replace('"size":11', '"size":1.1e1') }],
  ['facts: a lone surrogate', { facts: replace('hello.txt', 'hello\\ud800') }],
  ['facts: another algorithm', { facts: replace('cobblestone-256', 'cobblestone-128') }],
  ['facts: a moment that is none', { facts: replace('2026-11-21T01:02:04', '2026-02-30T01:02:04') }],
  ['facts: a space in an eTag', { facts: replace('"eTag":"', '"eTag":" ') }],
  ['facts: another size than the body has', { facts: replace('"size":11', '"size":12') }],
  ['metadata: a name twice', { metadata: replace('"tags"', '"headers":[],"tags"') }],
  ['metadata: a header that is none of the seven', { metadata: replace('cache-control', 'set-cookie') }],
  ['metadata: a pair of three', { metadata: replace('"no-cache"', '"no-cache","more"') }],
  ['metadata: a name without a character', { metadata: replace('"author"', '""') }],
  ['padding: a tab', { header: (bytes) => void bytes.write('\t', bytes.length - 10) }],
  ['padding: no line feed at its end', { header: (bytes) => void bytes.write(' ', bytes.length - 1) }],
  ['preamble: another version', { header: (bytes) => void bytes.write('2', 13) }],
  [
    'wrapped keys: another provider',
    { header: (bytes) => void bytes.write('z', bytes.indexOf('alibaba-kms')) },
  ],
  ['base64: unused bits', { header: unusedBits }],
];

async function main([file = '']: string[]) {
  const vectors = [
    await vector('empty', 0, none),
    await vector('hello.txt', 11, plain),
    await vector('报告/📦 "quoted" \\ \n\u0001\u007f.pdf', 16_384, rich, wrappedKeys(2)),
    await vector('a', 20_000, plain, wrappedKeys(4)),
    await vector('metadata-in-two-chunks', 1, large),
    await vector('two-full-chunks', 32_768, none),
  ];
  const refusals = await Promise.all(changes.map(([why, change]) => refused(why, change)));
  const about =
    'Plaintext byte i is (i * 31 + 7) & 255. KMS would unwrap ciphertextBlob to dataKey under encryptionContext.';
  const madeBy = 'oss-envelope, test/interop/write-vectors.ts';
  writeFileSync(file, `${JSON.stringify({ about, madeBy, vectors, refused: refusals }, null, 1)}\n`);
}

void main(process.argv.slice(2));
