export type Disposition = 'attachment' | 'inline';

/** RFC 6266, with the name in ASCII for old readers and in UTF-8 (RFC 8187) for all others. */
export function contentDisposition(disposition: Disposition, fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const utf8 = encodeURIComponent(fileName).replace(/[!'()*]/g, percentEncoded);
  return `${disposition}; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}

/** `%` and the code of an ASCII character, which encodeURIComponent may have left as it is. */
export function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
