import { integer } from './ecdsa';

type Signature = { r: bigint; s: bigint };

/** `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279), as OpenSSL and Java write ECDSA signatures. */
export function derOf({ r, s }: Signature): Buffer {
  const content = Buffer.concat([integerDer(r), integerDer(s)]);
  return Buffer.concat([Buffer.from([0x30, content.length]), content]);
}

/** Undefined for bytes that are no such sequence. */
export function readDer(bytes: Buffer): Signature | undefined {
  const r = valueAt(bytes, 2);
  const s = r && valueAt(bytes, 4 + r.length);
  if (!r || !s) return undefined;
  const signature = { r: integer(r), s: integer(s) };
  return derOf(signature).equals(bytes) ? signature : undefined;
}

function valueAt(bytes: Buffer, at: number): Buffer | undefined {
  const length = bytes[at + 1] ?? 0;
  const value = bytes.subarray(at + 2, at + 2 + length);
  return value.length === length && length > 0 ? value : undefined;
}

function integerDer(value: bigint): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  // A leading bit of 1 would be a sign.
  const bytes = Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
  return Buffer.concat([Buffer.from([0x02, bytes.length]), bytes]);
}
