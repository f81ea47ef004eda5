import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EncryptRequest, kmsClient, kmsRuntime } from '../../../functions/cloud/kms-client';
import { encryptionContext, factsBytes, parseHeader } from '../../../functions/envelope/envelope';
import { rewriteHeader } from '../../../functions/envelope/header';
import { MESSAGE_PREFIX, SEALED_CHUNK } from '../../../functions/envelope/layout';
import { VAULT } from '../../../infra/run/deployment';
import { type Bench, deployBench, invoke, PART, unfinishedIn, upload } from '../../deployment';
import vectors from '../../vectors/envelope-1.json';
import { get, lineOf, pathOf, plaintextsOf, post } from './asking';

let bench: Bench;
const phrase = 'what must stay secret and whole';
const content = Buffer.concat([Buffer.from(phrase), randomBytes(PART + 5 * 16_384)]);

beforeAll(async () => {
  bench = await deployBench();
  await upload(bench, 'other', content);
});
afterAll(async () => {
  const left = { plaintexts: await plaintextsOf(bench), unfinished: await unfinishedIn(bench.downloads) };
  await bench.close();
  expect(left).toEqual({ plaintexts: [], unfinished: [] });
});

async function envelopeOf(key: string): Promise<Buffer> {
  return Buffer.concat(await (await bench.vault.getStream(key, {})).stream.toArray());
}

async function refused(request: Promise<{ status: number; json: Record<string, string | undefined> }>) {
  const { status, json } = await request;
  return { status, code: json.code, title: json.title };
}

const HEADER = 4096;
const BODY = HEADER + MESSAGE_PREFIX;

/** What is done to the whole envelope of `content` under `key`. */
const mutations: [string, (envelope: Buffer) => Buffer | Promise<Buffer>][] = [
  ['plaintext put there by hand', () => Buffer.from(phrase)],
  ['an empty object', () => Buffer.alloc(0)],
  ['the envelope of another key', () => envelopeOf('other')],
  ['a header of 64 MB', (whole) => write(whole, '67108864', 15)],
  ['a header that is longer than it is', (whole) => write(whole, '00008192', 15)],
  ['another version of the format', (whole) => write(whole, '2', 13)],
  ['a bit of the magic', (whole) => flipped(whole, 0)],
  ['a bit of the facts', (whole) => flipped(whole, 40)],
  ['a bit of the metadata', (whole) => flipped(whole, whole.indexOf('metadata ') + 12)],
  ['a bit of the last byte of the padding', (whole) => flipped(whole, HEADER - 1)],
  ['a bit of the salt', (whole) => flipped(whole, HEADER)],
  ['a bit of the commitment', (whole) => flipped(whole, HEADER + 30)],
  ['a bit of the first chunk', (whole) => flipped(whole, BODY)],
  ['a bit of the tag of the first chunk', (whole) => flipped(whole, BODY + SEALED_CHUNK - 1)],
  ['a bit of the second part', (whole) => flipped(whole, BODY + 9 * SEALED_CHUNK)],
  ['a bit of the last chunk', (whole) => flipped(whole, whole.length - 1)],
  ['a cut-off tail', (whole) => whole.subarray(0, -1)],
  ['a cut-off chunk', (whole) => whole.subarray(0, BODY + SEALED_CHUNK)],
  ['the header alone', (whole) => whole.subarray(0, HEADER)],
  ['an appended byte', (whole) => Buffer.concat([whole, Buffer.of(0)])],
  ['an appended chunk', (whole) => Buffer.concat([whole, whole.subarray(BODY, BODY + SEALED_CHUNK)])],
  ['two chunks exchanged', (whole) => exchanged(whole, 0, 1)],
  ['two chunks of different parts exchanged', (whole) => exchanged(whole, 2, 10)],
  ['a chunk twice', (whole) => copied(whole, 3, whole, 4)],
  ['a chunk of another envelope', async (whole) => copied(await envelopeOf('other'), 3, whole, 3)],
  [
    'the header of another envelope',
    async (whole) => Buffer.concat([(await envelopeOf('other')).subarray(0, HEADER), whole.subarray(HEADER)]),
  ],
  [
    'the body of another envelope',
    async (whole) => Buffer.concat([whole.subarray(0, HEADER), (await envelopeOf('other')).subarray(HEADER)]),
  ],
  ['the wrapped key of another envelope', async (whole) => withKeysOf(whole, await envelopeOf('other'))],
  [
    'a foreign account',
    (whole) => replaced(whole, `:${bench.cloud.accountId}:key/`, ':9999999999999999:key/'),
  ],
  ['a foreign vault', (whole) => replaced(whole, VAULT, VAULT.replace('vault', 'vaulu'))],
  ['another moment of sealing', (whole) => withLaterSealing(whole)],
  ['another size', (whole) => replaced(whole, `"size":${content.length}`, `"size":${content.length - 1}`)],
  ['duplicate names', (whole) => replaced(whole, '"eTag":', '"size":')],
  ['a wrapped key of another key', (whole) => withBlob(whole, (blob) => write(blob, otherDigit(blob), 0))],
  ['a wrapped key of no key', (whole) => withBlob(whole, (blob) => write(blob, 'z', 0))],
  ['a bit of the IV of the wrapped key', (whole) => withBlob(whole, (blob) => flipped(blob, 40))],
  [
    'a bit of the tag of the wrapped key',
    (whole) => withBlob(whole, (blob) => flipped(blob, blob.length - 1)),
  ],
  ['a wrapped key that was cut off', (whole) => withBlob(whole, (blob) => blob.subarray(0, -1))],
  ['a byte of a wrapped key', (whole) => withBlob(whole, (blob) => blob.subarray(0, 1))],
  ['a wrapped key of 16 bytes', (whole) => withDataKey(whole, randomBytes(16))],
  ['a wrapped key of 33 bytes', (whole) => withDataKey(whole, randomBytes(33))],
  ['a wrapped key that is another', (whole) => withDataKey(whole, randomBytes(32))],
  ...vectors.refused.map(({ why, envelope }): (typeof mutations)[number] => [
    `the vector of ${why}`,
    () => Buffer.from(envelope, 'base64'),
  ]),
];

describe('what is no envelope of this place is not opened: one answer, nothing left behind', () => {
  const key = 'tampered';
  let whole: Buffer;
  let headers: Record<string, string>;
  beforeAll(async () => {
    await upload(bench, key, content);
    whole = await envelopeOf(key);
    await bench.vault.put(key, Buffer.from('x'), {});
    headers = (await told()).headers;
  });

  /** All that somebody hears who may ask for downloads, but for request ids and the time. */
  async function told() {
    const { status, headers, json } = await post(bench, { key });
    const { date: _, 'x-fc-request-id': id, ...others } = Object.fromEntries(headers);
    expect(json.requestId).toBe(id);
    const invoked = await invoke(bench, 'oss-envelope-decrypt', JSON.stringify({ key }));
    return { status, headers: others, json: { ...json, requestId: 'its own' }, invoked };
  }

  test.each(mutations)('%s', async (_, mutate) => {
    await bench.vault.put(key, await mutate(Buffer.from(whole)), {});
    const [status, code, title] = [422, 'cannot-open', 'Cannot open the envelope'];
    expect(await told()).toEqual({
      ...{ status, headers, json: { status, code, title, requestId: 'its own' } },
      invoked: {
        errorType: 'HandledInvocationError',
        data: { errorType: code, errorMessage: title, stackTrace: [] },
      },
    });
    expect(lineOf(bench).detail).toMatch(/./);
    expect(await plaintextsOf(bench)).toEqual([]);
    expect(await unfinishedIn(bench.downloads)).toEqual([]);
  });

  test('nor by any other way', async () => {
    await bench.vault.put(key, flipped(Buffer.from(whole), BODY), {});
    const mute = { status: 422, code: 'cannot-open', title: 'Cannot open the envelope' };
    expect(await refused(get(bench, pathOf('d', key)))).toEqual(mute);
    expect(await refused(post(bench, { key, range: 'bytes=5-9' }))).toEqual(mute);
    const id = 'asked-for-in-vain-and-noted';
    expect(await refused(post(bench, { key, id }))).toEqual(mute);
    const { startedAt: _, ...state } = (await get(bench, `/downloads/${id}`)).json;
    expect(state).toEqual({ state: 'failed', id, code: mute.code });
  });

  test('a range that the damage does not touch opens', async () => {
    await bench.vault.put(key, flipped(Buffer.from(whole), BODY), {});
    const { status, json } = await post(bench, { key, range: 'bytes=16384-16390' });
    expect(status).toBe(201);
    await bench.downloads.deleteMulti(await plaintextsOf(bench), { quiet: true });
    expect(json.bytes).toBe(7);
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes;
}

function write(bytes: Buffer, text: string, at: number): Buffer {
  bytes.write(text, at);
  return bytes;
}

function replaced(bytes: Buffer, from: string, to: string): Buffer {
  const at = bytes.indexOf(from);
  expect(at).toBeGreaterThan(0);
  return write(bytes, to, at);
}

function chunk(bytes: Buffer, number: number): Buffer {
  return bytes.subarray(BODY + number * SEALED_CHUNK, BODY + (number + 1) * SEALED_CHUNK);
}

function exchanged(bytes: Buffer, one: number, other: number): Buffer {
  const first = Buffer.from(chunk(bytes, one));
  chunk(bytes, other).copy(chunk(bytes, one));
  first.copy(chunk(bytes, other));
  return bytes;
}

function copied(source: Buffer, from: number, target: Buffer, to: number): Buffer {
  chunk(source, from).copy(chunk(target, to));
  return target;
}

function withKeysOf(bytes: Buffer, other: Buffer): Buffer {
  const blob = (envelope: Buffer) => parseHeader(envelope).wrappedKeys[0]?.ciphertextBlob ?? '';
  return replaced(bytes, blob(bytes), blob(other));
}

/** The same header with another ciphertext of the data key. */
function withBlob(bytes: Buffer, change: (blob: Buffer) => Buffer): Buffer {
  const header = parseHeader(bytes);
  const keys = header.wrappedKeys.map((key) => ({
    ...key,
    ciphertextBlob: change(Buffer.from(key.ciphertextBlob, 'base64')).toString('base64'),
  }));
  return Buffer.concat([rewriteHeader(header, keys), bytes.subarray(header.length)]);
}

/** What somebody makes who may use KMS Encrypt. */
async function withDataKey(bytes: Buffer, dataKey: Buffer): Promise<Buffer> {
  const { factsBytes: facts, wrappedKeys } = parseHeader(bytes);
  const request = new EncryptRequest({
    keyId: wrappedKeys[0]?.keyArn,
    plaintext: dataKey.toString('base64'),
    encryptionContext: JSON.stringify(encryptionContext(facts)),
  });
  const { ciphertextBlob } = await kmsClient(bench.owner, bench.cloud.kms.endpoint).encryptEx(
    request,
    kmsRuntime,
  );
  return withBlob(bytes, () => Buffer.from(ciphertextBlob, 'base64'));
}

function otherDigit(blob: Buffer): string {
  return blob.toString('latin1', 0, 1) === '0' ? '1' : '0';
}

function withLaterSealing(bytes: Buffer): Buffer {
  const { facts } = parseHeader(bytes);
  const later = new Date(Date.parse(facts.sealedAt) + 1).toISOString();
  const changed = factsBytes({ ...facts, sealedAt: later }).toString();
  return replaced(bytes, factsBytes(facts).toString(), changed);
}
