import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { gcmUnsealer } from '../../../cli/formats/ciphers';
import { verifiedTwice } from '../../../cli/formats/verified-twice';
import { KEY, opening } from './inputs';

const MIB = 1_048_576;
const nonce = Buffer.alloc(16, 7);

function sealed(plaintext: Buffer): { ciphertext: Buffer; tag: Buffer } {
  const cipher = createCipheriv('aes-256-gcm', KEY, nonce);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return { ciphertext, tag: cipher.getAuthTag() };
}

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Opens what is read as one content the first time, as another the second. */
function reading(first: Buffer, second: Buffer, tag: Buffer) {
  const contents = [first, second];
  const read = () => cut(contents.shift() ?? Buffer.alloc(0), contents.length === 1 ? 100_003 : 70_001);
  return opening(verifiedTwice(read, [() => gcmUnsealer({ key: KEY, nonce, tag })]));
}

describe('opening what has its one tag at the end', () => {
  const plaintext = randomBytes(2.5 * MIB);
  const { ciphertext, tag } = sealed(plaintext);
  const changed = Buffer.from(ciphertext);
  changed[2 * MIB + 5] = (changed[2 * MIB + 5] ?? 0) ^ 1;

  it('opens, however the two readings are cut', async () => {
    const { bytes, code } = await reading(ciphertext, ciphertext, tag);
    expect([code, bytes.equals(plaintext)]).toEqual(['opened', true]);
  });

  it('yields no byte of what does not verify, and says no more than that', async () => {
    const sentence = 'Cannot open the file: it does not verify';
    for (const given of [
      await reading(changed, changed, tag),
      await reading(ciphertext, ciphertext, Buffer.alloc(16)),
      await reading(ciphertext.subarray(1), ciphertext.subarray(1), tag),
    ]) {
      expect(given).toEqual({ bytes: Buffer.alloc(0), code: 'cannot-open', message: sentence });
    }
  });

  it('stops before the MiB that is another than the one that verified', async () => {
    for (const [other, released] of [
      [changed, 2],
      [ciphertext.subarray(0, 2 * MIB), 2],
      [ciphertext.subarray(0, -1), 2],
      [Buffer.concat([ciphertext, ciphertext]), 2],
      [Buffer.alloc(0), 0],
    ] as const) {
      const { bytes, code } = await reading(ciphertext, other, tag);
      expect([code, bytes.equals(plaintext.subarray(0, released * MIB))]).toEqual(['file-changed', true]);
    }
  });

  it('takes the first of several openers whose tag verifies', async () => {
    const openers = [Buffer.alloc(16), tag].map((one) => () => gcmUnsealer({ key: KEY, nonce, tag: one }));
    const { bytes } = await opening(verifiedTwice(() => cut(ciphertext, MIB), openers));
    expect(bytes.equals(plaintext)).toBe(true);
  });

  it('hears of Ctrl-C before there is anything to yield', async () => {
    const controller = new AbortController();
    async function* reading() {
      for await (const piece of cut(ciphertext, MIB)) {
        yield piece;
        controller.abort();
      }
    }
    const opened = verifiedTwice(reading, [() => gcmUnsealer({ key: KEY, nonce, tag })], controller.signal);
    expect(await opening(opened)).toMatchObject({ bytes: Buffer.alloc(0), code: 'interrupted' });
  });
});
