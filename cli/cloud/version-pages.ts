import { listVersions, type Page, type PageMarker } from '../../functions/cloud/versions';
import type { Location } from '../files/location';
import type { Session } from '../session/session';

/** What ListObjectVersions has at most in one answer. */
const PAGE = 1000;

export type Stretch = {
  /** Begins after all versions of this key. */
  afterKey?: string | undefined;
  /** Versions and delete markers in a page. */
  maxKeys?: number;
};

/** What lies under a prefix, in the order of keys, the newest of a key first, one call for each page. */
export async function* versionPages(
  session: Session,
  { bucket, key: prefix }: Location,
  { afterKey, maxKeys = PAGE }: Stretch = {},
): AsyncGenerator<Page> {
  let after: PageMarker | undefined =
    afterKey === undefined ? undefined : { key: afterKey, versionId: undefined };
  do {
    const page: Page = await listVersions(session.oss(bucket), { prefix, after, maxKeys });
    yield page;
    after = page.next;
  } while (after);
}
