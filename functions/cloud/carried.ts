import { utf8OfLatin1 } from '../characters';
import { checkMetadata, METADATA_HEADERS, type Metadata, unsupported } from '../envelope/metadata';
import type { OssClient } from './oss-client';

type Which = { key: string; versionId: string | undefined };
const USER_PREFIX = 'x-oss-meta-';

/**
 * What a version carries beside its content, as the headers of its answer and its tags tell. `isLeft`: user metadata that is
 * none of it. Throws `metadata-unsupported` rather than carry anything otherwise than it came; and what ali-oss throws.
 */
export async function carriedBy(
  client: OssClient,
  which: Which,
  headers: Record<string, string>,
  isLeft: (name: string) => boolean = () => false,
): Promise<Metadata> {
  const names = Object.keys(headers);
  const standard = METADATA_HEADERS.filter(
    (name) => headers[name] !== undefined && (name !== 'x-oss-storage-class' || headers[name] !== 'Standard'),
  );
  const own = names.filter((name) => name.startsWith(USER_PREFIX) && !isLeft(name.slice(USER_PREFIX.length)));
  const metadata: Metadata = {
    headers: standard.map((name) => [name, valueAt(headers, name)]),
    userMetadata: own.map((name) => [name.slice(USER_PREFIX.length), valueAt(headers, name)]),
    tags: await tagsOf(client, which, Number(headers['x-oss-tagging-count'] ?? 0)),
  };
  checkMetadata(metadata);
  return metadata;
}

function valueAt(headers: Record<string, string>, name: string): string {
  const value = utf8OfLatin1(headers[name] ?? '');
  if (value === undefined) throw unsupported(name, 'its value is not UTF-8');
  return value;
}

/** ali-oss makes an object of them, which does not hold every name. */
async function tagsOf(
  client: OssClient,
  { key, versionId }: Which,
  count: number,
): Promise<[string, string][]> {
  if (count === 0) return [];
  const { tag } = await client.getObjectTagging(key, versionId === undefined ? {} : { versionId });
  const tags = Object.entries(tag);
  if (tags.length !== count)
    throw unsupported('x-oss-tagging', `${count} tags, of which ${tags.length} can be read`);
  return tags;
}

/** The same as headers of a request. */
export function carrying({ headers, userMetadata, tags }: Metadata): Record<string, string> {
  const encoded = tags.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return {
    ...Object.fromEntries(headers),
    ...Object.fromEntries(userMetadata.map(([name, value]) => [USER_PREFIX + name, value])),
    ...(tags.length > 0 && { 'x-oss-tagging': encoded.join('&') }),
  };
}
