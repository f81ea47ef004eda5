const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of these bytes, a byte order mark included; undefined where they are not UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The same of bytes that are given as Latin-1, as Node gives those of a header. */
export function utf8OfLatin1(value: string): string | undefined {
  return utf8(Buffer.from(value, 'latin1'));
}

/** Lower case of A to Z; what is not ASCII stays what it is. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
