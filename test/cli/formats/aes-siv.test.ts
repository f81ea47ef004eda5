import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { recognise } from '../../../cli/formats';
import { aesSiv } from '../../../cli/formats/aes-siv';
import { sivUnsealer } from '../../../cli/formats/siv';
import { inputOf, opening, plaintextOf, toolsWith, WRAPPED_KEY } from './inputs';

type Vector = { keyBytes: number; size: number; file: string };

/** By pycryptodome. */
const { siv } = JSON.parse(readFileSync('test/vectors/others-samples.json', 'utf8'));
const vectors: Vector[] = siv.vectors;

function keyOf(bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, (_, index) => index));
}

function open(file: Buffer, key: Buffer, pieceBytes?: number) {
  return opening(aesSiv.open(inputOf(file, pieceBytes), { ...toolsWith(key), wrappedKey: WRAPPED_KEY }));
}

describe('AES-SIV', () => {
  it.each([
    [32, 'f0635bf3f0bed61b5245be6c6cd9e7a1', '3b1d694cde'],
    [48, 'ae64a43777d86b3a9cc9f00a677375b7', '88ab21b1a5'],
    [64, '813b11851c893c3fc837181e3b4412c4', '5874738a6d'],
  ])('under a key of %i bytes is what pycryptodome makes of hello', (bytes, tag, ciphertext) => {
    const unsealer = sivUnsealer({ key: keyOf(bytes), tag: Buffer.from(tag, 'hex') });
    const plaintext = unsealer.update(Buffer.from(ciphertext, 'hex'));
    expect(Buffer.concat([plaintext, unsealer.final()]).toString()).toBe('hello');
  });

  it('opens every size, however it is cut', async () => {
    for (const { keyBytes, size, file } of vectors) {
      for (const pieceBytes of [1, 5, 16, 65_536]) {
        const { code, bytes } = await open(Buffer.from(file, 'hex'), keyOf(keyBytes), pieceBytes);
        const isSame = bytes.equals(plaintextOf(size));
        expect({ keyBytes, size, pieceBytes, code, isSame }).toMatchObject({ code: 'opened', isSame: true });
      }
    }
  });

  it('opens several MiB, and releases no byte where one is another', async () => {
    const { keyBytes, size, tag } = siv.large;
    const [key, plaintext] = [keyOf(keyBytes), plaintextOf(size)];
    const counter = Buffer.from(tag, 'hex');
    for (const at of [8, 12]) counter.writeUInt8(counter.readUInt8(at) & 0x7f, at);
    const ciphertext = createCipheriv('aes-128-ctr', key.subarray(16), counter).update(plaintext);
    const file = Buffer.concat([Buffer.from(tag, 'hex'), ciphertext]);
    expect((await open(file, key, 70_001)).bytes.equals(plaintext)).toBe(true);
    file.writeUInt8(file.readUInt8(file.length - 1) ^ 1, file.length - 1);
    expect(await open(file, key)).toMatchObject({ code: 'cannot-open', bytes: Buffer.alloc(0) });
  });

  it('refuses each changed byte, each cut, and other keys, mute about which', async () => {
    for (const { keyBytes, file } of vectors.filter(({ size }) => size === 17)) {
      const [bytes, key] = [Buffer.from(file, 'hex'), keyOf(keyBytes)];
      const changed = [...bytes.keys()].map((at) => bytes.with(at, (bytes[at] ?? 0) ^ (1 << (at % 8))));
      const cut = [...bytes.keys()].slice(16).map((size) => bytes.subarray(0, size));
      const refused = { code: 'cannot-open', message: 'Cannot open the file: it does not verify' };
      for (const one of [...changed, ...cut]) {
        expect(await open(Buffer.from(one), key)).toEqual({ ...refused, bytes: Buffer.alloc(0) });
      }
      for (const other of [key.subarray(1), Buffer.alloc(16), Buffer.alloc(keyBytes)])
        expect(await open(bytes, other)).toEqual({ ...refused, bytes: Buffer.alloc(0) });
      expect((await open(bytes.subarray(0, 15), key)).code).toBe('input-truncated');
    }
  });

  it('asks for the file that holds its key', async () => {
    const { code, message } = await opening(aesSiv.open(inputOf(Buffer.alloc(16)), toolsWith()));
    expect([code, message]).toEqual([
      'usage-wrong',
      'Cannot open the file as aes-siv: it does not hold its data key',
    ]);
  });
});

describe('recognising it', () => {
  it('is a possibility of all that looks random, and no more', async () => {
    for (const { file, size } of vectors) {
      const found = await recognise(inputOf(Buffer.from(file, 'hex')));
      expect(found.map(({ format, recognition }) => [format.name, recognition.sureness])).toEqual([
        ['aes-siv', 'possible'],
      ]);
      expect(found[0]?.recognition.facts).toEqual({ algorithm: 'AES-SIV', bytes: size });
    }
  });

  it('is not told of where another is certain', async () => {
    const metadata = {
      'client-side-encryption-key': WRAPPED_KEY,
      'client-side-encryption-start': WRAPPED_KEY,
    };
    const input = { ...inputOf(randomBytes(500)), userMetadata: new Map(Object.entries(metadata)) };
    expect((await recognise(input)).map(({ format }) => format.name)).toEqual(['oss-cse']);
  });

  it.each([
    ['text', Buffer.from('Dear reader, this is no ciphertext, it is a letter.')],
    ['Chinese text', Buffer.from('亲爱的读者，这不是密文，而是一封信。')],
    ['gzip', gzipSync(createHash('sha512').update('random').digest())],
    ['zeros', Buffer.alloc(5000)],
    ['a table', Buffer.from(Array.from({ length: 4000 }, (_, at) => (at % 4 === 0 ? 0x80 | (at & 15) : 0)))],
    ['fewer bytes than a tag', Buffer.from('f0635bf3f0bed61b5245be6c6cd9e7', 'hex')],
  ])('%s is none', async (_, content) => {
    expect(await recognise(inputOf(content))).toEqual([]);
  });
});
