import type { Metadata } from '../../../functions/envelope/envelope';
import { Failure } from '../../terminal/failure';

export type LabelOptions = { contentType?: string; meta?: string[]; tag?: string[] };

/** What goes with the content. Throws `usage-wrong`. */
export function readLabels({ contentType, meta = [], tag = [] }: LabelOptions): Metadata {
  return {
    headers: contentType === undefined ? [] : [['content-type', contentType]],
    userMetadata: pairs(meta, '--meta', META_NAME),
    tags: pairs(tag, '--tag', TAG_NAME),
  };
}

/** The same as headers of an upload. */
export function headersOf({ headers, userMetadata, tags }: Metadata): Record<string, string> {
  const encoded = tags.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return {
    ...Object.fromEntries(headers),
    ...Object.fromEntries(userMetadata.map(([name, value]) => [`x-oss-meta-${name}`, value])),
    ...(tags.length > 0 && { 'x-oss-tagging': encoded.join('&') }),
  };
}

/** OSS stores names of metadata in lower case; of a tag's there are 128 characters. */
const META_NAME = /^[a-z0-9-]{1,128}$/;
const TAG_NAME = /^.{1,128}$/su;

/** Each name once: OSS would keep one of two, and an envelope has no room for both. */
function pairs(texts: string[], option: string, allowed: RegExp): [string, string][] {
  const read = texts.map((text) => pair(text, option, allowed));
  const twice = read.find(([name], index) => read.findIndex(([other]) => other === name) < index);
  if (twice) throw new Failure('usage-wrong', `Cannot take ${option} ${twice[0]}: it is given twice`);
  return read;
}

function pair(text: string, option: string, allowed: RegExp): [string, string] {
  const at = text.indexOf('=');
  const name = option === '--meta' ? text.slice(0, at).toLowerCase() : text.slice(0, at);
  if (at > 0 && allowed.test(name)) return [name, text.slice(at + 1)];
  throw new Failure('usage-wrong', `Cannot read ${option} ${text}: give name=value`);
}
