import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { FormatTools } from '../../../cli/formats/format';
import { plaintextBytes } from '../../../cli/formats/format-tools';
import { ossCse } from '../../../cli/formats/oss-cse';
import { inputOf, opened, refused } from './bytes-input';

type Vector = {
  claim: string;
  passphrase?: string;
  metadata: Record<string, string>;
  unwrapped: Record<string, string>;
  ciphertext: string;
  plaintext: string;
};
type Made = { madeBy: { tool: string; version?: string }; vectors: Vector[] };

const { sets } = JSON.parse(readFileSync('test/vectors/others-oss-cse.json', 'utf8')) as { sets: Made[] };
const some = vectorOf('alibabacloud-oss-go-sdk-v2');
const old = vectorOf('oss2', '2.6.1');

function vectorOf(tool: string, version?: string): Vector {
  const made = sets.find(({ madeBy }) => madeBy.tool === tool && (!version || madeBy.version === version));
  if (!made?.vectors[0]) throw new Error(`Cannot find a vector of ${tool}`);
  return made.vectors[0];
}

/** What KMS answered to whoever made it, under the same context only. */
function kmsOf({ unwrapped, passphrase }: Vector): FormatTools {
  return {
    async decrypt(blob, context) {
      expect(context).toBe(passphrase && `{"x-passphrase":"${passphrase}"}`);
      return plaintextBytes(unwrapped[blob] ?? '');
    },
  };
}

function inputFor({ ciphertext }: Vector, metadata: Record<string, string>) {
  return inputOf(Buffer.from(ciphertext, 'hex'), metadata, 7);
}

afterEach(() => {
  delete process.env.ENVELOPE_OSS_CSE_PASSPHRASE;
});

for (const { madeBy, vectors } of sets) {
  describe(`made by ${madeBy.tool} ${madeBy.version ?? ''}`, () => {
    test.each(vectors)('$claim', async (vector) => {
      if (vector.passphrase) process.env.ENVELOPE_OSS_CSE_PASSPHRASE = vector.passphrase;
      const input = inputFor(vector, vector.metadata);
      expect((await opened(ossCse, input, kmsOf(vector))).toString('hex')).toBe(vector.plaintext);
      expect(await ossCse.isAuthenticated(input)).toBe(false);
      expect(await ossCse.plaintextSize?.(input)).toBe(vector.plaintext.length / 2);
      expect(await ossCse.recognise(input)).toMatchObject({
        sureness: 'certain',
        facts: { ciphertextBytes: vector.ciphertext.length / 2 },
      });
    });
  });
}

const rsa = 'RSA/NONE/OAEPWithSHA-1AndMGF1Padding';
const cases: [string, Vector, Record<string, string>, string, string][] = [
  ['an RSA key', some, { 'client-side-encryption-wrap-alg': rsa }, 'format-unsupported', rsa],
  ['an RSA key of old', old, { 'oss-wrap-alg': 'rsa' }, 'format-unsupported', '"rsa"'],
  ['no algorithm', some, { 'client-side-encryption-wrap-alg': '' }, 'format-unsupported', '""'],
  [
    'another cipher',
    some,
    { 'client-side-encryption-cek-alg': 'AES/GCM/NoPadding' },
    'format-unsupported',
    'AES/GCM',
  ],
  ['no start', some, { 'client-side-encryption-start': '' }, 'format-wrong', 'start'],
  ['a missing end', some, { 'client-side-encryption-data-size': '51' }, 'input-truncated', '50 bytes of 51'],
];
test.each(cases)('%s is refused before KMS is asked', async (_, vector, changes, code, named) => {
  const input = inputFor(vector, { ...vector.metadata, ...changes });
  const unasked = { decrypt: () => Promise.reject(new Error('asked')) };
  expect(await refused(ossCse, input, unasked)).toEqual({
    code,
    released: 0,
    message: expect.stringContaining(named),
  });
  await expect(ossCse.isAuthenticated(input)).rejects.toThrow(named);
});

test.each([
  ['a key of 16 bytes', some, 'client-side-encryption-key', Buffer.alloc(16).toString('base64')],
  ['a counter of 12 bytes', some, 'client-side-encryption-start', Buffer.alloc(12).toString('base64')],
  ['a decimal that is none', old, 'oss-crypto-start', '-7'],
])('%s opens nothing', async (_, vector, name, unwrapped) => {
  const kms = kmsOf({
    ...vector,
    unwrapped: { ...vector.unwrapped, [vector.metadata[name] ?? '']: unwrapped },
  });
  expect(await refused(ossCse, inputFor(vector, vector.metadata), kms)).toMatchObject({
    code: 'cannot-open',
    released: 0,
  });
});

test('a file has no such metadata, and an object without it is another format', async () => {
  for (const input of [
    inputOf(Buffer.alloc(9)),
    inputOf(Buffer.alloc(9), { 'client-side-encryption': 'x' }),
  ]) {
    expect(await ossCse.recognise(input)).toBeUndefined();
    expect(await refused(ossCse, input, kmsOf(some))).toMatchObject({ code: 'format-wrong' });
  }
});
