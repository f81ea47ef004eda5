import { Failure } from '../terminal/failure';

/** Whether a text is an encryption context as KMS takes it: a JSON object of texts. */
export function isContext(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    return Object.values(value).every((member) => typeof member === 'string');
  } catch {
    return false;
  }
}

/** The value of --context, as it was given. Throws `usage-wrong`. */
export function readContext(text: string): string {
  if (isContext(text)) return text;
  throw new Failure('usage-wrong', 'Cannot use this --context: it is no JSON object of texts', {
    todo: `write it like '{"purpose":"web"}'`,
  });
}
