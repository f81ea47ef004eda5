import { utf8 } from '../../gateway/utf8';

/**
 * A header's value, which Node gives as Latin-1, as text: OSS keeps bytes that are not UTF-8, so each byte beyond ASCII of a
 * value that is none stands as a lone surrogate, U+DC80 to U+DCFF (as Python's surrogateescape).
 */
export function headerText(latin1: string): string {
  const escaped = (byte: string) => String.fromCharCode(0xdc00 + byte.charCodeAt(0));
  return utf8(Buffer.from(latin1, 'latin1')) ?? latin1.replace(/[\x80-\xff]/g, escaped);
}

/** The bytes of text in which there may be such values. */
export function headerBytes(text: string): Buffer {
  const parts = text.split(/([\udc80-\udcff]+)/u);
  return Buffer.concat(
    // What is split at stands at the odd places. Latin-1 takes the lower byte of each.
    parts.map((part, index) => Buffer.from(part, index % 2 === 1 ? 'latin1' : 'utf8')),
  );
}
