import { cannotOpen, Fault } from '../fault';
import { array, object, strictJson, text } from './strict-json';

type Pairs = [name: string, value: string][];

/** What the source object carried beside its content. Sealed with it, because it can be as confidential. */
export type Metadata = {
  /** Standard headers under their lower-case names. */
  headers: Pairs;
  /** x-oss-meta-*, without the prefix. */
  userMetadata: Pairs;
  tags: Pairs;
};

/** What OSS stores with an object under headers of its own: the standard ones, and the class where it is not Standard. */
export const METADATA_HEADERS = [
  'content-type',
  'content-encoding',
  'content-disposition',
  'content-language',
  'cache-control',
  'expires',
  'x-oss-storage-class',
] as const;

export function writeMetadata({ headers, userMetadata, tags }: Metadata): Buffer {
  return Buffer.from(JSON.stringify({ headers, userMetadata, tags }));
}

/** Throws `cannot-open`. */
export function readMetadata(bytes: Buffer): Metadata {
  return strictJson(bytes, 'metadata', (json) => {
    const { headers, userMetadata, tags } = object(json);
    return {
      headers: checkedClass(readPairs(headers, HEADER_NAME)),
      userMetadata: readPairs(userMetadata),
      tags: readPairs(tags),
    };
  });
}

const HEADER_NAME = new RegExp(`^(${METADATA_HEADERS.join('|')})$`);

function readPairs(json: unknown, name?: RegExp): Pairs {
  const pairs = array(json).map((pair): Pairs[number] => {
    const [first, second] = array(pair);
    return [text(first, 8192, name), second === '' ? '' : text(second, 8192)];
  });
  if (new Map(pairs).size < pairs.length) throw cannotOpen('a name stands twice in the metadata');
  return pairs;
}

/** Every object that is in no other class is in this one: only its absence says so. */
function checkedClass(headers: Pairs): Pairs {
  if (new Map(headers).get('x-oss-storage-class') === 'Standard') throw cannotOpen('storage class');
  return headers;
}

const USER_PREFIX = 'x-oss-meta-';
const USER_NAME = /^x-oss-meta-[a-z0-9-]+$/;
/** Bytes of all user metadata, names with their prefix and values (OSS docs, "Manage object metadata"). */
const USER_METADATA_MAX = 8192;
const VALUE_MAX = 8192;
/** Nothing else is a header's value (RFC 9110, section 5.5), in UTF-8. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\ud7ff\ue000-\u{10ffff}]*$/u;
/** OSS docs, "Object tagging": 10 tags, 128 and 256 of these characters. */
const TAGS_MAX = 10;
const TAG_NAME = /^[\p{L}\p{N} +\-=._:/]{1,128}$/u;
const TAG_VALUE = /^[\p{L}\p{N} +\-=._:/]{0,256}$/u;

/**
 * What an object of OSS can carry, and so a download: nothing else is sealed. Throws `metadata-unsupported`, naming the
 * field.
 */
export function checkMetadata({ headers, userMetadata, tags }: Metadata): void {
  const named: Pairs = userMetadata.map(([name, value]) => [USER_PREFIX + name, value]);
  for (const [name] of named) if (!USER_NAME.test(name)) throw unsupported(name, 'a name has a-z 0-9 - only');
  const bytes = named.flat().reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > USER_METADATA_MAX)
    throw unsupported(`${USER_PREFIX}*`, `${bytes} bytes of it, OSS takes ${USER_METADATA_MAX}`);
  for (const [name, value] of [...headers, ...named]) {
    if (!HEADER_VALUE.test(value)) throw unsupported(name, 'its value has control characters');
    if (Buffer.byteLength(value) > VALUE_MAX)
      throw unsupported(name, `its value has over ${VALUE_MAX} bytes`);
  }
  if (tags.length > TAGS_MAX)
    throw unsupported('x-oss-tagging', `${tags.length} tags, OSS takes ${TAGS_MAX}`);
  for (const [name, value] of tags) {
    if (!TAG_NAME.test(name) || !TAG_VALUE.test(value))
      throw unsupported(`tag ${name}`, 'it has up to 128 and 256 letters, digits, spaces and + - = . _ : /');
  }
  checkOnce([...headers, ...named]);
  checkOnce(tags.map(([name, value]) => [`tag ${name}`, value]));
}

function checkOnce(pairs: Pairs): void {
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw unsupported(twice, 'it is there twice');
}

/** Metadata that OSS does not take, or that the format does not hold. `field` may be anybody's words. */
export function unsupported(field: string, why: string): Fault {
  return new Fault('metadata-unsupported', `Cannot carry ${JSON.stringify(field.slice(0, 80))}: ${why}`);
}
