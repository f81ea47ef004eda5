import { Failure } from '../terminal/failure';
import { decodeBase64 } from './base64';
import { unwrapped, withoutMark } from './text';

/** 6 KB of plaintext, in base64 before and after KMS encrypts it, take 11 KB. */
export const TEXT_MAX = 16_384;

/**
 * The CiphertextBlob in a file: alone, or in the JSON that `aliyun kms` prints; UTF-16 is what PowerShell's > makes of that.
 * `what`: the file, for people. `skipped` gets the names of what was passed over. Throws `format-wrong`, `input-truncated`.
 */
export function readBlob(file: Buffer, what: string, skipped: Set<string>): string {
  const wrong = (why: string) => new Failure('format-wrong', `Cannot read ${what}: ${why}`);
  const cut = (why: string) => new Failure('input-truncated', `Cannot read ${what}: ${why}`);
  const text = textOf(file, skipped);
  const isJson = /^\s*[{"]/.test(text);
  if (isJson && !/[}"]\s*$/.test(text)) throw cut('its JSON ends in the middle');
  const given = isJson ? blobIn(text) : text;
  if (given === undefined) throw wrong('it is JSON without a CiphertextBlob');
  if (isJson) skipped.add('the JSON around the ciphertext');
  const blob = unwrapped(given, skipped);
  if (blob === '' || !/^[A-Za-z0-9+/]*={0,2}$/.test(blob)) throw wrong('it is not base64');
  if (blob.length % 4 !== 0) throw cut('its base64 ends in the middle');
  if (!mayBeBlob(blob)) throw wrong('its base64 is not as KMS writes it');
  return blob;
}

function textOf(file: Buffer, skipped: Set<string>): string {
  if (file[0] !== 0xff || file[1] !== 0xfe) return withoutMark(file.toString('latin1'), skipped);
  skipped.add('a byte order mark');
  return file.toString('utf16le', 2);
}

/** An answer, or with `--cli-query CiphertextBlob` its one text. */
function blobIn(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json);
    const blob = value instanceof Object && 'CiphertextBlob' in value ? value.CiphertextBlob : value;
    return typeof blob === 'string' ? blob : undefined;
  } catch {
    return undefined;
  }
}

const VERSION = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

/**
 * The id of the key version that a ciphertext of KMS begins with, in 36 characters, or undefined: not documented, but seen
 * in every one that was published, and what Alibaba's own migration SDKs (alibabacloud-dkms-transfer) take for granted.
 */
export function keyVersionIn(ciphertextBlob: string): string | undefined {
  return VERSION.exec(Buffer.from(ciphertextBlob.slice(0, 48), 'base64').toString('latin1'))?.[0];
}

/** Whether a text may be a ciphertext of KMS at all: base64 of some bytes. */
export function mayBeBlob(text: string): boolean {
  return text !== '' && decodeBase64(text) !== undefined;
}
