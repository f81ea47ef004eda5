import { createCipheriv } from 'node:crypto';

/** A message as its writer sees it. `dataKeys`: names and wrapped keys, in the order of the file. */
export type Written = {
  algorithm: number;
  dataKey: Buffer;
  dataKeys: [name: string, blob: Buffer][];
  context: [key: string, value: string][];
  plaintext: Buffer;
  version?: number;
};

const CIPHERS = ['gcm', 'gcm', 'cbc', 'cbc', 'cbc', 'cbc', 'ctr', 'ctr'];

const [HEADER_IV, IV] = [Buffer.alloc(12, 0x10), Buffer.alloc(16, 0x40)];

/** The layouts, written out straightforwardly: the vectors say whether it is right. */
export const writers = {
  'encryption-sdk': (written: Written) => {
    const { head, body } = parts(written);
    return sequence(sequence(...head), body);
  },
  'encryption-sdk-stream': streamOf,
};

/** The parts of the DER layout, to be put together wrongly. */
export function parts(written: Written): { head: Buffer[]; body: Buffer } {
  const { algorithm, dataKeys, context, version = 1 } = written;
  const { iv, ciphertext, tag } = bodyOf(written);
  const head = [
    integer(version),
    integer(algorithm),
    der(0x31, ...dataKeys.map(([name, blob]) => sequence(octets(name), octets(blob)))),
    der(0x31, ...context.map(([key, value]) => sequence(octets(key), octets(value)))),
    octets(HEADER_IV),
    octets(headerTag(written)),
  ];
  return { head, body: sequence(octets(iv), octets(ciphertext), octets(tag)) };
}

function streamOf(written: Written): Buffer {
  const { iv, ciphertext, tag } = bodyOf(written);
  const { version = 1, algorithm, dataKeys, context } = written;
  const keys = dataKeys.flatMap(([name, blob]) => [field(name), field(blob.toString('base64'))]);
  const ivLength = Buffer.from([iv.length, 0, 0, 0]);
  const head = [u32(version), u32(algorithm), field(contextOf(context)), u32(dataKeys.length), ...keys];
  return Buffer.concat([...head, field(HEADER_IV), field(headerTag(written)), ivLength, iv, ciphertext, tag]);
}

function bodyOf({ algorithm, dataKey, context, plaintext }: Written) {
  const mode = CIPHERS[algorithm - 1] ?? 'cbc';
  const name = `aes-${dataKey.length * 8}-${mode}`;
  if (mode === 'gcm') {
    const cipher = createCipheriv(name as 'aes-256-gcm', dataKey, IV.subarray(0, 12));
    cipher.setAAD(contextOf(context));
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return { iv: IV.subarray(0, 12), ciphertext, tag: cipher.getAuthTag() };
  }
  const cipher = createCipheriv(name, dataKey, IV).setAutoPadding(algorithm === 5 || algorithm === 6);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return { iv: IV, ciphertext, tag: Buffer.alloc(0) };
}

function headerTag({ algorithm, dataKey, dataKeys, context, version = 1 }: Written): Buffer {
  const named = [...new Map([...dataKeys].reverse())].sort(([a], [b]) => (a < b ? -1 : 1));
  const keys = named.flatMap(([name, blob]) => [field(name), field(blob.toString('base64'))]);
  const head = [u32(version), u32(algorithm), u32(context.length), contextOf(context), u32(dataKeys.length)];
  const cipher = createCipheriv(`aes-${dataKey.length * 8}-gcm` as 'aes-256-gcm', dataKey, HEADER_IV);
  cipher.setAAD(Buffer.concat([...head, ...keys])).final();
  return cipher.getAuthTag();
}

function contextOf(context: Written['context']): Buffer {
  if (context.length === 0) return Buffer.alloc(0);
  const sorted = [...context].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return Buffer.concat([
    u32(context.length),
    ...sorted.flatMap(([key, value]) => [field(key), field(value)]),
  ]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function field(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([u32(bytes.length), bytes]);
}

export function sequence(...content: Buffer[]): Buffer {
  return der(0x30, ...content);
}

export function octets(content: Buffer | string): Buffer {
  return der(0x04, Buffer.from(content as string));
}

export function integer(value: number): Buffer {
  return der(0x02, Buffer.from([value]));
}

export function der(tag: number, ...content: Buffer[]): Buffer {
  const bytes = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOf(bytes.length), bytes]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const digits = Buffer.from(length.toString(16).padStart(8, '0'), 'hex');
  const shortest = digits.subarray(digits.findIndex((digit) => digit > 0));
  return Buffer.concat([Buffer.from([0x80 + shortest.length]), shortest]);
}
