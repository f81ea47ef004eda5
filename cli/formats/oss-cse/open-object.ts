import { createDecipheriv } from 'node:crypto';
import type { FormatInput, FormatTools } from '../format';
import { cutShort, doesNotVerify, notOfFormat, unsupported } from '../refusals';
import { readWrapping, type Wrapping } from './wrapping';

const NAME = 'oss-cse';

const KEY = 32;
const COUNTER = 16;

/** `AES/GCM/NoPadding` is what oss2 before 2.7 called its AES-CTR. */
const CONTENT = { now: ['AES/CTR/NoPadding'], once: ['AES/CTR/NoPadding', 'AES/GCM/NoPadding'] };

/** Where it is set, what `AliKMSProvider` of oss2 was given as `passphrase`: it goes into the encryption context. */
const PASSPHRASE = 'ENVELOPE_OSS_CSE_PASSPHRASE';

/** The plaintext; of objects of many parts too, which have one key and one counter. Nothing in it is proven. */
export async function* openObject(input: FormatInput, tools: FormatTools): AsyncGenerator<Buffer> {
  const wrapping = checkedWrapping(input);
  const context = contextOf(process.env[PASSPHRASE]);
  const key = await tools.decrypt(wrapping.key, context);
  try {
    const start = await tools.decrypt(wrapping.start, context);
    const counter = wrapping.isDecimal ? counterOf(start) : start;
    if (key.length !== KEY || counter?.length !== COUNTER) throw doesNotVerify();
    const decipher = createDecipheriv('aes-256-ctr', key, counter);
    for await (const piece of input.read({ from: 0, to: input.size })) yield decipher.update(piece);
  } finally {
    key.fill(0);
  }
}

/** Throws `format-wrong` where there is no such metadata, `format-unsupported`, `input-truncated`. */
export function checkedWrapping({ userMetadata, size: bytes }: FormatInput): Wrapping {
  const wrapping = readWrapping(userMetadata);
  if (!wrapping)
    throw notOfFormat(
      NAME,
      'its metadata names no wrapped key; a file has none: name the object, oss://bucket/key',
    );
  const { wrapAlgorithm, contentAlgorithm, isDecimal, start, size = bytes } = wrapping;
  if (!/^(KMS\/ALICLOUD|kms)$/.test(wrapAlgorithm))
    throw unsupported(
      NAME,
      `its key is wrapped by ${shown(wrapAlgorithm)}, not by KMS: whoever has that key opens it`,
    );
  if (!CONTENT[isDecimal ? 'once' : 'now'].includes(contentAlgorithm))
    throw unsupported(NAME, `its content is ${shown(contentAlgorithm)}, not AES/CTR/NoPadding`);
  if (start === '') throw notOfFormat(NAME, 'its metadata has no start of the counter');
  if (size > bytes) throw cutShort(NAME, `it has ${bytes} bytes of ${size}`);
  return wrapping;
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 64));
}

/** As oss2 writes it: the words are put together, not encoded. */
function contextOf(passphrase: string | undefined): string | undefined {
  return passphrase ? `{"x-passphrase":"${passphrase}"}` : undefined;
}

/** The first counter block, of a decimal number. */
function counterOf(decimal: Buffer): Buffer | undefined {
  const text = decimal.toString('latin1');
  if (!/^\d{1,38}$/.test(text)) return undefined;
  return Buffer.from(
    BigInt(text)
      .toString(16)
      .padStart(2 * COUNTER, '0'),
    'hex',
  );
}
