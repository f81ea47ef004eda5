import { utf8OfLatin1 } from '../../functions/characters';
import type { Range } from '../../functions/envelope/layout';
import { textIn } from './base64';
import type { FormatInput, FormatName } from './format';
import { isContext } from './kms-context';
import { cutShort, notOfFormat } from './refusals';
import { unwrapped, withoutMark } from './text';

const SEPARATOR = '*---*';
/** All fields but the first are in the last bytes: the wrapped key, at most nonce and tag, and a context of up to 8 KB. */
const LAST = 16_384;

export type Fields = {
  /** Where the first field lies, which may be large. */
  first: Range;
  /** The second and those after it, without spaces and line breaks; the last as it stands, and with separators of its own. */
  others: string[];
};

/** A text in `count` fields with `*---*` between them, the first of base64. Reads the last 16 KiB. */
export async function readFields(
  name: FormatName,
  input: FormatInput,
  count: number,
  skipped: Set<string>,
): Promise<Fields> {
  const start = await textIn(input, { from: 0, to: Math.min(3, input.size) });
  const from = Math.max(0, input.size - LAST);
  const tail = await textIn(input, { from, to: input.size });
  const end = tail.indexOf('*');
  if (end === -1) throw notOfFormat(name, `it has no ${SEPARATOR} in its last ${LAST} bytes`);
  const fields = tail.slice(end).split(SEPARATOR).slice(1);
  if (fields.length < count - 1) throw cutShort(name, `it has fewer than ${count} fields`);
  const last = fields.slice(count - 2).join(SEPARATOR);
  unwrapped(/[ \t\r\n]*$/.exec(last)?.[0] ?? '', skipped);
  return {
    first: { from: start.length - withoutMark(start, skipped).length, to: from + end },
    others: [...fields.slice(0, count - 2).map((field) => unwrapped(field, skipped)), last],
  };
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
