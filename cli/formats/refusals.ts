import { Failure } from '../terminal/failure';
import type { FormatName } from './format';

/** Mute: a wrong key, a flipped bit and a wrong padding are one sentence. */
export function doesNotVerify(): Failure {
  return new Failure('cannot-open', 'Cannot open the file: it does not verify');
}

/** `why`: which line or field is not what the format has there. */
export function notOfFormat(name: FormatName, why: string): Failure {
  return new Failure('format-wrong', `Cannot read the file as ${name}: ${why}`);
}

/** `why`: what is missing. */
export function cutShort(name: FormatName, why: string): Failure {
  return new Failure('input-truncated', `Cannot read the file as ${name}: ${why}`);
}

/** What reading says, or undefined where it found that the input is not of the format. */
export async function unlessRefused<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch((error: unknown) => {
    if (error instanceof Failure && REFUSALS.includes(error.code)) return undefined;
    throw error;
  });
}

const REFUSALS = ['format-wrong', 'input-truncated'];

/** It is of this format, but cannot be opened here. `why`: by what it is locked. */
export function unsupported(name: FormatName, why: string): Failure {
  return new Failure('format-unsupported', `Cannot open the file as ${name}: ${why}`);
}

export function keyFileMissing(name: FormatName): Failure {
  return new Failure('usage-wrong', `Cannot open the file as ${name}: it does not hold its data key`, {
    todo: 'name the file that holds it, wrapped by KMS, with --wrapped-key',
  });
}
