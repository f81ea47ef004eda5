import type { Tag } from '../store/versions';
import { OssError } from '../wire/errors';
import { children, parseXml, text, xmlDocument } from '../wire/xml';

/** Reads the x-oss-tagging header, `k=v&k2=v2` percent-encoded. Throws InvalidTag. */
export function parseTagging(header: string | undefined): Tag[] {
  return checked(taggingAsked(header));
}

/** The same, be the tags valid or not: an AppendObject that goes on ignores them. */
export function taggingAsked(header: string | undefined): Tag[] {
  return [...new URLSearchParams(header ?? '')].map(([key, value]) => ({ key, value }));
}

/** Reads the body of a PutObjectTagging. Throws MalformedXML, InvalidTag. */
export function parseTaggingXml(body: string): Tag[] {
  const [tagSet] = children(parseXml(body, 'Tagging'), 'TagSet');
  const tags = children(tagSet, 'Tag').map((tag) => ({
    key: text(tag, 'Key') ?? '',
    value: text(tag, 'Value') ?? '',
  }));
  if (tagSet === undefined) throw new OssError('MalformedXML');
  return checked(tags);
}

/** The answer of a GetObjectTagging. */
export function taggingXml(tags: Tag[]): string {
  return xmlDocument('Tagging', {
    TagSet: { Tag: tags.map(({ key, value }) => ({ Key: key, Value: value })) },
  });
}

// At most 10 tags, keys 1 to 128 and values 0 to 256 characters (OSS docs, "Object tagging").
function checked(tags: Tag[]): Tag[] {
  const keys = new Set(tags.map(({ key }) => key));
  const fits = ({ key, value }: Tag) =>
    /^.{1,128}$/u.test(key) && /^.{0,256}$/u.test(value) && allowed.test(key + value);
  if (tags.length <= 10 && keys.size === tags.length && tags.every(fits)) return tags;
  throw new OssError('InvalidTag');
}

const allowed = /^[\p{L}\p{N} +\-=._:/]*$/u;
