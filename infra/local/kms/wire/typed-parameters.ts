import { invalidParameter } from './errors';

export type Range = { min: number; max: number };

/** A parameter of type Integer. Throws InvalidParameter, also when it is outside its range (both ends included). */
export function wholeNumber(name: string, text: string, { min, max }: Range): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw invalidParameter(name);
  return value;
}

/** A parameter of type Boolean. Throws InvalidParameter. */
export function trueOrFalse(name: string, text: string): boolean {
  if (!/^(true|false)$/i.test(text)) throw invalidParameter(name);
  return text.toLowerCase() === 'true';
}

/** A parameter that holds base64. Throws InvalidParameter. */
export function base64(name: string, text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (text === '' || bytes.toString('base64') !== text) throw invalidParameter(name);
  return bytes;
}

/** A parameter that holds a SHA-256 digest, base64. Throws InvalidParameter. */
export function sha256Digest(name: string, text: string): Buffer {
  const digest = base64(name, text);
  if (digest.length !== 32) throw invalidParameter(name);
  return digest;
}

/** A parameter that holds JSON. Throws InvalidParameter. */
export function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidParameter(name, 'It is not JSON.');
  }
}
