import { isUtf8 } from 'node:buffer';
import type { FormatName } from '../format';
import { notOfFormat } from '../refusals';
import { algorithmOf } from './algorithms';
import type { ContextEntry, Message, WrappedDataKey } from './message';

type Unchecked = Omit<Message, 'algorithm'> & { version: number; algorithm: number };

const HEADER_IV = 12;
const HEADER_TAG = 16;

/** What both layouts have in common. Throws `format-wrong`. */
export function checkedHead(name: FormatName, { version, algorithm: id, ...rest }: Unchecked): Message {
  if (version !== 1) throw notOfFormat(name, `its version is ${version}, not 1`);
  const algorithm = algorithmOf(id);
  if (!algorithm) throw notOfFormat(name, `it has no algorithm of number ${id}`);
  const message = { algorithm, ...rest };
  const why = wrongNames(message) ?? wrongSizes(message);
  if (why) throw notOfFormat(name, why);
  return message;
}

function wrongNames({ dataKeys, context }: Message): string | undefined {
  if (dataKeys.length === 0) return 'it has no wrapped data key';
  if (!dataKeys.every(isNamed)) return 'a wrapped data key does not name its key';
  if (!context.every(isText)) return 'its context is not UTF-8';
  const names = new Set(context.map(({ key }) => key.toString('utf8')));
  if (names.size < context.length) return 'its context has a name twice';
  return undefined;
}

function wrongSizes({ algorithm, headerIv, headerTag, iv, tag }: Message): string | undefined {
  const sizes: [what: string, bytes: Buffer, expected: number][] = [
    ["header's IV", headerIv, HEADER_IV],
    ["header's tag", headerTag, HEADER_TAG],
    ['IV', iv, algorithm.ivBytes],
    ['tag', tag, algorithm.tagBytes],
  ];
  const wrong = sizes.find(([, bytes, expected]) => bytes.length !== expected);
  return wrong && `its ${wrong[0]} has ${wrong[1].length} bytes, not the ${wrong[2]} of ${algorithm.name}`;
}

/** An ARN, an id or an alias. */
function isNamed({ key, blob }: WrappedDataKey): boolean {
  return /^[\x21-\x7e]{1,512}$/.test(key.toString('latin1')) && blob !== '';
}

function isText({ key, value }: ContextEntry): boolean {
  return isUtf8(key) && isUtf8(value);
}
