import { cannotOpen } from '../fault';
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
