import { utf8OfLatin1 } from '../../functions/characters';
import type { Range } from '../../functions/envelope/layout';
import { textIn } from './base64';
import type { FormatInput, FormatName } from './format';
import { isContext } from './kms-context';
import { cutShort, notOfFormat } from './refusals';

const SEPARATOR = '*---*';
/** All fields but the first are in the last bytes: the wrapped key, at most nonce and tag, and a context of up to 8 KB. */
const LAST = 16_384;

export type Fields = {
  /** Where the first field lies, which may be large. */
  first: Range;
  /** The second and those after it; the last may hold separators of its own. */
  others: string[];
};

/** A text in `count` fields with `*---*` between them, the first of base64. Reads the last 16 KiB. */
export async function readFields(name: FormatName, input: FormatInput, count: number): Promise<Fields> {
  const from = Math.max(0, input.size - LAST);
  const tail = await textIn(input, { from, to: input.size });
  const end = tail.indexOf('*');
  if (end === -1) throw notOfFormat(name, `it has no ${SEPARATOR} in its last ${LAST} bytes`);
  const fields = tail.slice(end).split(SEPARATOR).slice(1);
  if (fields.length < count - 1) throw cutShort(name, `it has fewer than ${count} fields`);
  const others = [...fields.slice(0, count - 2), fields.slice(count - 2).join(SEPARATOR)];
  return { first: { from: 0, to: from + end }, others };
}

/**
 * The encryption context, byte for byte as KMS was given it; undefined where the field is empty. `text`: as Latin-1.
 * Throws `format-wrong`, `input-truncated`.
 */
export function contextIn(name: FormatName, text: string): string | undefined {
  const context = utf8OfLatin1(text.replace(/[ \t\r\n]+$/, ''));
  if (context === undefined) throw notOfFormat(name, 'its context is not UTF-8');
  if (context === '') return undefined;
  if (isContext(context)) return context;
  if (context.startsWith('{') && !context.includes('}'))
    throw cutShort(name, 'its context ends in the middle');
  throw notOfFormat(name, 'its last field is no encryption context: a JSON object of texts');
}
