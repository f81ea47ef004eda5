import { basename, extname } from 'node:path/posix';

/** What file systems take, in bytes. */
const NAME_MAX = 255;

/** Control characters, among them those that turn the direction of text, path separators, and halves of characters. */
const UNFIT = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069\u061c/\\\p{Surrogate}]/gu;

/** The name that a download is saved as: the wanted one, or the last segment of the key, without what misleads. */
export function fileNameFor(key: string, wanted: string | undefined): string {
  const name = (wanted ?? basename(key)).replace(UNFIT, '_');
  return /^[. ]*$/.test(name) ? 'download' : shortened(name);
}

/** The extension stays, as far as it is one. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= NAME_MAX) return name;
  const extension = Buffer.byteLength(extname(name)) <= 16 ? extname(name) : '';
  let stem = [...name.slice(0, name.length - extension.length)];
  while (Buffer.byteLength(stem.join('') + extension) > NAME_MAX) stem = stem.slice(0, -1);
  return stem.join('') + extension;
}
