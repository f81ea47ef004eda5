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
  const sealed = await collect(sealChunks(message, { from: 0, to: chunkCount({ size }) }, cut(ruled(size))));
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
  keys?: (json: string) => string;
  header?: (bytes: Buffer) => void;
};

async function refused(
  why: string,
  { facts = same, metadata = same, keys = same, header = () => {} }: Change,
) {
  const [dataKey, size] = [randomBytes(32), 11];
  const context = Buffer.from(facts(factsBytes(factsOf('hello.txt', size)).toString()));
  const metadataContext = Buffer.concat([Buffer.from('metadata\n'), context]);
  const sealedMetadata = sealMessage(
    dataKey,
    metadataContext,
    Buffer.from(metadata(writeMetadata(rich).toString())),
  );
  const head = withKeys(writeHeader(context, sealedMetadata, wrappedKeys(1)), keys);
  header(head);
  const message = newMessage(dataKey, context, size);
  const sealed = await collect(sealChunks(message, { from: 0, to: 1 }, cut(ruled(size))));
  const envelope = Buffer.concat([head, message.prefix, sealed]).toString('base64');
  return { why, dataKey: dataKey.toString('hex'), envelope };
}

/** Of the same length: the padding makes room. */
function withKeys(header: Buffer, change: (json: string) => string): Buffer {
  const [from, to] = [header.indexOf('\nkeys ') + 6, header.lastIndexOf(']') + 1];
  const keys = Buffer.from(change(header.toString('utf8', from, to)));
  const changed = Buffer.alloc(header.length, ' ');
  changed.write('\n', header.length - 1);
  Buffer.concat([header.subarray(0, from), keys, Buffer.from('\n')]).copy(changed);
  return changed;
}

const same = (json: string) => json;
const replace = (from: string | RegExp, to: string) => (json: string) => json.replace(from, to);

function unusedBits(header: Buffer): void {
  const end = header.indexOf('\nkeys ');
  const last = header.toString('latin1', end - 2, end);
  if (last !== '==') header.write('B', end - (last.endsWith('=') ? 2 : 1));
  else header.write('B', end - 3);
}

/** The list with so many copies of its one key. */
const times = (count: number) => (json: string) => JSON.stringify(Array(count).fill(JSON.parse(json)[0]));
/** In both places, where they have to agree. */
const region = (text: string) => (json: string) => json.replaceAll('cn-hangzhou', text);
const inFile = replace('my-inbox', 'local-file');

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
  ['facts: a moment of the year 0', { facts: replace('2026-11-21T01:02:04', '0000-11-21T01:02:04') }],
  ['facts: fractions of a second in lastModified', { facts: replace('03.000Z', '03.001Z') }],
  ['facts: NaN', { facts: replace('"size":11', '"size":NaN') }],
  ['facts: a size with a sign', { facts: replace('"size":11', '"size":-11') }],
  ['facts: a size in quotes', { facts: replace('"size":11', '"size":"11"') }],
  ['facts: a name is missing', { facts: replace(/"eTag":"[^"]*",/, '') }],
  ['facts: an escaped solidus', { facts: replace('hello.txt', 'hello\\/txt') }],
  [
    'facts: a slash in a bucket',
    { facts: replace('"my-vault","key":"hello.txt"', '"my/vault","key":"hello.txt"') },
  ],
  ['facts: a key of 1024 bytes', { facts: replace('hello.txt', 'é'.repeat(512)) }],
  [
    'facts: a local file with a version',
    { facts: (json) => inFile(json).replace(/"eTag":"[^"]*"/, '"eTag":"none"') },
  ],
  ['facts: a local file with an eTag of OSS', { facts: (json) => inFile(json).replace(/CAEQ[^"]*/, 'none') }],
  ['facts: a space in an eTag', { facts: replace('"eTag":"', '"eTag":" ') }],
  ['facts: another size than the body has', { facts: replace('"size":11', '"size":12') }],
  ['metadata: a name twice', { metadata: replace('"tags"', '"headers":[],"tags"') }],
  ['metadata: a header that is none of the seven', { metadata: replace('cache-control', 'set-cookie') }],
  ['metadata: a header that stands twice', { metadata: replace('"cache-control"', '"content-type"') }],
  ['metadata: user metadata that stands twice', { metadata: replace('"empty"', '"author"') }],
  ['metadata: a tag that stands twice', { metadata: replace('["team",', '["team",""],["team",') }],
  [
    'metadata: the storage class Standard',
    { metadata: replace('["cache-control","no-cache"]', '["x-oss-storage-class","Standard"]') },
  ],
  ['metadata: an unknown name', { metadata: replace('"tags"', '"acl":[],"tags"') }],
  ['metadata: NaN', { metadata: replace('"no-cache"', 'NaN') }],
  ['metadata: a pair of three', { metadata: replace('"no-cache"', '"no-cache","more"') }],
  ['metadata: a name without a character', { metadata: replace('"author"', '""') }],
  ['padding: a tab', { header: (bytes) => void bytes.write('\t', bytes.length - 10) }],
  ['padding: no line feed at its end', { header: (bytes) => void bytes.write(' ', bytes.length - 1) }],
  ['preamble: another version', { header: (bytes) => void bytes.write('2', 13) }],
  [
    'wrapped keys: another provider',
    { header: (bytes) => void bytes.write('z', bytes.indexOf('alibaba-kms')) },
  ],
  ['wrapped keys: none', { keys: times(0) }],
  ['wrapped keys: five', { keys: times(5) }],
  ['wrapped keys: an unknown name', { keys: replace('"region"', '"more":1,"region"') }],
  ['wrapped keys: a name twice', { keys: replace('"region"', '"region":"cn-beijing","region"') }],
  [
    'wrapped keys: another order',
    {
      keys: replace(
        '"provider":"alibaba-kms","region":"cn-hangzhou"',
        '"region":"cn-hangzhou","provider":"alibaba-kms"',
      ),
    },
  ],
  ["wrapped keys: a region that is not the ARN's", { keys: replace('"cn-hangzhou"', '"cn-shanghai"') }],
  ['wrapped keys: a region of the ARN alone', { keys: replace('kms:cn-hangzhou', 'kms:cn-shanghai') }],
  ...['', 'kms.example/', 'kms.example#', 'a@b', 'CN-HANGZHOU', 'cn\\n', 'c'.repeat(64)].map(
    (text): [string, Change] => [`wrapped keys: the region ${text}`, { keys: region(text) }],
  ),
  ['wrapped keys: an account of letters', { keys: replace('1234567890123456', 'me') }],
  ['wrapped keys: an account of other digits', { keys: replace('1234567890123456', '１２') }],
  ['wrapped keys: a path in the id of a key', { keys: replace('key/k-1', 'key/k/1') }],
  ['wrapped keys: a line feed after the id of a key', { keys: replace('key/k-1', 'key/k-1\\n') }],
  ['wrapped keys: an alias', { keys: replace('key/k-1', 'alias/k-1') }],
  ['wrapped keys: a space in the version of a key', { keys: replace('"v-1"', '"v 1"') }],
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
