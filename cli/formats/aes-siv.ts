import { isUtf8 } from 'node:buffer';
import { collect } from '../../functions/cloud/pieces';
import { checkDataKey } from './ciphers';
import type { Format, FormatInput, FormatTools, Recognition } from './format';
import { cutShort, keyFileMissing } from './refusals';
import { sivUnsealer } from './siv';
import { verifiedTwice } from './verified-twice';

const NAME = 'aes-siv';
const TAG = 16;
const LOOKED_AT = 4096;

/**
 * What a Python sample of envelope encryption writes that has been copied widely: `secret.bin`, the tag and then the ciphertext
 * by AES.MODE_SIV of pycryptodome, under a data key of 32, 48 or 64 bytes; no nonce, no associated data, no encryption context.
 * The wrapped data key lies beside it as KMS returned it, in `cipherkey`.
 */
export const aesSiv: Format = {
  name: NAME,
  title: 'a tag of 16 bytes and the ciphertext (AES-SIV), the wrapped key in a file of its own',
  isAuthenticated: async () => true,
  recognise,
  plaintextSize: async ({ size }) => size - TAG,
  open,
};

async function* open(input: FormatInput, tools: FormatTools): AsyncGenerator<Buffer> {
  if (tools.wrappedKey === undefined) throw keyFileMissing(NAME);
  if (input.size < TAG) throw cutShort(NAME, 'it is shorter than a tag');
  const tag = await collect(input.read({ from: 0, to: TAG }));
  const key = checkDataKey(await tools.decrypt(tools.wrappedKey), [32, 48, 64]);
  const ciphertext = () => input.read({ from: TAG, to: input.size });
  try {
    yield* verifiedTwice(ciphertext, [() => sivUnsealer({ key, tag })], tools.interrupted);
  } finally {
    key.fill(0);
  }
}

/** gzip, zip, JPEG, PDF, PNG, 7z, xz, zstd, bzip2: they look random, and say what they are. */
const NAMED = /^(1f8b08|504b0304|ffd8ff|25504446|89504e47|377abcaf|fd377a58|28b52ffd|425a68)/;

/** Nothing marks it: bytes that look random may be it, as those of any cipher and of what is compressed. */
async function recognise(input: FormatInput): Promise<Recognition | undefined> {
  const start = await collect(input.read({ from: 0, to: Math.min(input.size, LOOKED_AT) }));
  const isNamed = NAMED.test(start.toString('hex', 0, 4));
  if (start.length < TAG || isNamed || isUtf8(start) || !looksRandom(start)) return undefined;
  const why = 'its bytes look random, as those of every cipher do; nothing marks this one';
  return { sureness: 'possible', why, facts: { algorithm: 'AES-SIV', bytes: input.size - TAG } };
}

/** Of random bytes one pair in 256 is equal; more than that, by five standard deviations, is no ciphertext. */
function looksRandom(bytes: Buffer): boolean {
  const counts = new Map<number, number>();
  for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  const equal = [...counts.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  const expected = (bytes.length * (bytes.length - 1)) / 512;
  return equal <= expected + 5 * Math.sqrt(expected) + 1;
}
