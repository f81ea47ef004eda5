import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eaxUnsealer } from '../../../cli/formats/eax';
import { KEY } from './inputs';

/** EAX by its definition, all in memory, without associated data: t = number(block) || nonce, and so on. */
function eax(key: Buffer, nonce: Buffer, plaintext: Buffer): { ciphertext: Buffer; tag: Buffer } {
  const n = cmac(key, Buffer.concat([blockOf(0n), nonce]));
  const ctr = createCipheriv(`aes-${key.length * 8}-ctr`, key, n);
  const ciphertext = ctr.update(plaintext);
  const c = cmac(key, Buffer.concat([blockOf(2n), ciphertext]));
  const h = cmac(key, blockOf(1n));
  return { ciphertext, tag: blockOf(number(n) ^ number(c) ^ number(h)) };
}

/** CMAC as RFC 4493 has it, one block after another. */
function cmac(key: Buffer, message: Buffer): Buffer {
  const k1 = double(number(encrypted(key, blockOf(0n))));
  const last = message.length % 16 || 16;
  const padded = Buffer.concat([message, Buffer.from([0x80]), Buffer.alloc(15)]);
  const blocks = last === 16 ? message : padded.subarray(0, message.length + 16 - last);
  let state = 0n;
  for (let at = 0; at < blocks.length; at += 16) {
    const isLast = at + 16 === blocks.length;
    const mask = isLast ? (last === 16 ? k1 : double(k1)) : 0n;
    state = number(encrypted(key, blockOf(state ^ number(blocks.subarray(at, at + 16)) ^ mask)));
  }
  return blockOf(state);
}

function encrypted(key: Buffer, block: Buffer): Buffer {
  return createCipheriv(`aes-${key.length * 8}-ecb`, key, null).update(block);
}

function double(value: bigint): bigint {
  const [carry, shifted] = [value >> 127n, (value << 1n) & ((1n << 128n) - 1n)];
  return carry ? shifted ^ 0x87n : shifted;
}

function number(block: Buffer): bigint {
  return BigInt(`0x${block.toString('hex')}`);
}

function blockOf(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(32, '0'), 'hex');
}

function opened(ciphertext: Buffer[], { key, nonce, tag }: { key: Buffer; nonce: Buffer; tag: Buffer }) {
  const unsealer = eaxUnsealer({ key, nonce, tag });
  return Buffer.concat([...ciphertext.map((piece) => unsealer.update(piece)), unsealer.final()]);
}

describe('AES-EAX', () => {
  it('opens what pycryptodome sealed', () => {
    const nonce = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
    const tag = Buffer.from('d899f788668246690047323d0501908f', 'hex');
    expect(opened([Buffer.from('252b7ec526', 'hex')], { key: KEY, nonce, tag }).toString()).toBe('hello');
  });

  const bytes = (min: number, max: number) =>
    fc.uint8Array({ minLength: min, maxLength: max }).map((array) => Buffer.from(array));
  const keys = fc.constantFrom(16, 24, 32).chain((size) => bytes(size, size));

  it('opens what its definition seals, however the ciphertext is cut', () => {
    const cuts = fc.array(fc.nat(80), { maxLength: 4 });
    fc.assert(
      fc.property(keys, bytes(1, 40), bytes(0, 80), cuts, (key, nonce, plaintext, at) => {
        const { ciphertext, tag } = eax(key, nonce, plaintext);
        const ends = [0, ...at.sort((a, b) => a - b), ciphertext.length];
        const pieces = ends.slice(1).map((end, index) => ciphertext.subarray(ends[index], end));
        expect(opened(pieces, { key, nonce, tag }).equals(plaintext)).toBe(true);
      }),
    );
  });

  it('refuses any change of ciphertext, nonce and tag, and a shorter tag', () => {
    const changed = fc.record({
      part: fc.constantFrom(0, 1, 2),
      at: fc.nat(200),
      mask: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(keys, bytes(16, 16), bytes(1, 40), changed, (key, nonce, plaintext, { part, at, mask }) => {
        const { ciphertext, tag } = eax(key, nonce, plaintext);
        const parts = [Buffer.from(ciphertext), Buffer.from(nonce), Buffer.from(tag)] as const;
        const one = parts[part as 0];
        one[at % one.length] = (one[at % one.length] ?? 0) ^ mask;
        expect(() => opened([parts[0]], { key, nonce: parts[1], tag: parts[2] })).toThrow();
        expect(() => opened([ciphertext], { key, nonce, tag: tag.subarray(0, 15) })).toThrow();
      }),
    );
  });
});
