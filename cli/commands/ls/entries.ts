import {
  type DeleteMarker,
  type Holding,
  holdingsIn,
  listVersions,
  type Page,
  type PageMarker,
  type Version,
} from '../../../functions/cloud/versions';
import type { Location } from '../../files/location';
import type { Buckets } from '../../session/session';

/** `older`: how many versions lie below. */
export type Found = { version: Version; older: number };
export type Marked = { marker: DeleteMarker; isCurrent: boolean };
/** What a listing shows; a folder ends in a slash. */
export type Entry = Found | Marked | { folder: string };

export type Scope = {
  /** Everything below, no folders. */
  recursive?: true | undefined;
  /** All versions and delete markers, not only what is current. */
  versions?: true | undefined;
};

/** LIST takes no longer key as a marker. */
const KEY_MAX = 1023;
/** Behind everything that a folder has, but for keys that begin so. */
const LAST = '\u{10ffff}';

/**
 * What lies under a prefix, in the order of keys. Holds in memory a page, and all versions of one key. The rest of a folder that
 * has been shown is not listed.
 */
export async function* entriesIn(session: Buckets, place: Location, scope: Scope): AsyncGenerator<Entry> {
  const folderOf = (key: string) => (scope.recursive ? undefined : folderIn(place.key, key));
  let shown: string | undefined;
  const skip = ({ key }: PageMarker) => (folderOf(key) === shown ? shown : undefined);
  for await (const holding of holdingsIn(pages(session, place, skip))) {
    const entries = scope.versions ? everythingOf(holding) : currentOf(holding);
    const folder = folderOf(holding.key);
    if (folder === undefined) yield* entries;
    else if (folder !== shown && entries.length > 0) yield { folder };
    if (entries.length > 0) shown = folder ?? shown;
  }
}

/** `skip` tells, once a page has been dealt with, which folder needs no further one. */
async function* pages(
  session: Buckets,
  { bucket, key: prefix }: Location,
  skip: (next: PageMarker) => string | undefined,
): AsyncGenerator<Page> {
  for (let after: PageMarker | undefined; ; ) {
    const page: Page = await listVersions(session.oss(bucket), { prefix, after, maxKeys: 1000 });
    yield page;
    if (!page.next) return;
    const key = `${skip(page.next) ?? ''}${LAST}`;
    const isSkipped = key !== LAST && Buffer.byteLength(key) <= KEY_MAX;
    after = isSkipped ? { key, versionId: undefined } : page.next;
  }
}

function folderIn(prefix: string, key: string): string | undefined {
  const slash = key.indexOf('/', prefix.length);
  return slash < 0 ? undefined : key.slice(0, slash + 1);
}

function currentOf({ versions }: Holding): Found[] {
  const version = versions.find(({ isCurrent }) => isCurrent);
  return version ? [{ version, older: versions.length - 1 }] : [];
}

/** The newest first; a listing tells no order between versions and markers of one second but which is on top. */
function everythingOf({ versions, markers }: Holding): (Found | Marked)[] {
  const isHidden = !versions.some(({ isCurrent }) => isCurrent);
  const found = versions.map((version, index) => ({ version, older: versions.length - 1 - index }));
  const marked = markers.map((marker, index) => ({ marker, isCurrent: isHidden && index === 0 }));
  const all = isHidden ? [...marked, ...found] : [...found, ...marked];
  return all.toSorted((a, b) => (timeOf(b) > timeOf(a) ? 1 : timeOf(b) < timeOf(a) ? -1 : 0));
}

function timeOf(entry: Found | Marked): string {
  return ('version' in entry ? entry.version : entry.marker).lastModified;
}
