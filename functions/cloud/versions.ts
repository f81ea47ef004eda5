import type { Bucket } from './oss-fault';

/** One version of an object, as a listing tells. */
export type Version = {
  key: string;
  versionId: string;
  eTag: string;
  /** Bytes. */
  size: number;
  /** ISO 8601; OSS knows whole seconds only. */
  lastModified: string;
  isCurrent: boolean;
  type: 'Normal' | 'Multipart' | 'Appendable' | 'Symlink';
  storageClass: string;
};

/** Hides the versions below it. */
export type DeleteMarker = Pick<Version, 'key' | 'versionId' | 'lastModified'>;

/** A stretch of a bucket's versions in the order of keys; of one key the newest first. `next`: where to go on. */
export type Page = {
  versions: Version[];
  markers: DeleteMarker[];
  next: PageMarker | undefined;
  /** By the clock of OSS, in whole seconds. */
  answeredAt: Date;
};
/** Without a version id: after all versions of the key. */
export type PageMarker = { key: string; versionId: string | undefined };

/** 1 to 1000 entries, markers included. */
export type PageRequest = { prefix?: string; after?: PageMarker | undefined; maxKeys: number };

/** One call of ListObjectVersions. */
export async function listVersions(bucket: Bucket, { prefix, after, maxKeys }: PageRequest): Promise<Page> {
  const { res, objects, deleteMarker, isTruncated, nextKeyMarker, nextVersionIdMarker } = await bucket.call(
    'list the versions',
    (client) =>
      client.getBucketVersions({
        maxKeys,
        encodingType: 'url',
        ...(prefix !== undefined && { prefix }),
        ...(after && { keyMarker: after.key }),
        ...(after?.versionId && { versionIdMarker: after.versionId }),
      }),
  );
  const next = { key: decodeURIComponent(nextKeyMarker ?? ''), versionId: nextVersionIdMarker ?? undefined };
  return {
    versions: objects.map(({ name, versionId, etag, isLatest, size, lastModified, type, storageClass }) => ({
      key: decodeURIComponent(name),
      versionId,
      eTag: etag.replaceAll('"', ''),
      size,
      lastModified: new Date(lastModified).toISOString(),
      isCurrent: isLatest,
      type: type as Version['type'],
      storageClass,
    })),
    markers: deleteMarker.map(({ name, versionId, lastModified }) => ({
      key: decodeURIComponent(name),
      versionId,
      lastModified: new Date(lastModified).toISOString(),
    })),
    next: isTruncated ? next : undefined,
    answeredAt: new Date(res.headers.date ?? ''),
  };
}

/** The versions and delete markers of one key, the newest first, and the moment of the answer. */
export type Versions = Pick<Page, 'versions' | 'markers' | 'answeredAt'>;

/** Of one key, from the newest on or from what lies below a version or marker. */
export async function versionsOf(bucket: Bucket, key: string, below?: DeleteMarker): Promise<Versions> {
  const found: Pick<Page, 'versions' | 'markers'> = { versions: [], markers: [] };
  let after: PageMarker | undefined = below;
  for (;;) {
    const { versions, markers, next, answeredAt } = await versionsBelow(bucket, key, after);
    found.versions.push(...versions);
    found.markers.push(...markers);
    if (!next) return { ...found, answeredAt };
    after = next;
  }
}

/** Of most keys there are one or two versions; other keys that begin alike may follow them in the listing. */
const FEW = 10;
const MANY = 1000;

/** A stretch of the versions of one key, from its newest on or from where another ended; one call. */
export async function versionsBelow(bucket: Bucket, key: string, after?: PageMarker): Promise<Page> {
  const page = await listVersions(bucket, { prefix: key, after, maxKeys: after ? MANY : FEW });
  const versions = page.versions.filter((version) => version.key === key);
  const markers = page.markers.filter((marker) => marker.key === key);
  return { ...page, versions, markers, next: page.next?.key === key ? page.next : undefined };
}

/** `afterKey`: begins after all versions of this key. */
export type Stretch = { prefix?: string; afterKey?: string | undefined; maxKeys?: number };

/** What lies in a bucket, in the order of keys, the newest of a key first, one call for each page. */
export async function* versionPages(
  bucket: Bucket,
  { prefix, afterKey, maxKeys = MANY }: Stretch = {},
): AsyncGenerator<Page> {
  let after: PageMarker | undefined =
    afterKey === undefined ? undefined : { key: afterKey, versionId: undefined };
  do {
    const page: Page = await listVersions(bucket, {
      ...(prefix !== undefined && { prefix }),
      after,
      maxKeys,
    });
    yield page;
    after = page.next;
  } while (after);
}

/** All that a bucket holds under one key. */
export type Holding = Versions & { key: string };

/** What pages hold, key by key. Holds in memory a page, and all versions of one key. */
export async function* holdingsIn(pages: AsyncIterable<Page>): AsyncGenerator<Holding> {
  let open = new Map<string, Holding>();
  for await (const { versions, markers, next, answeredAt } of pages) {
    const at = (key: string) => {
      const holding = open.get(key) ?? { key, versions: [], markers: [], answeredAt };
      open.set(key, holding);
      return holding;
    };
    for (const version of versions) at(version.key).versions.push(version);
    for (const marker of markers) at(marker.key).markers.push(marker);
    // A key's versions may be spread over pages: it is complete when another key follows, or nothing.
    const inOrder = [...open.values()].sort((a, b) => compareKeys(a.key, b.key));
    for (const holding of inOrder) if (holding.key !== next?.key) yield holding;
    const rest = next && open.get(next.key);
    open = new Map(rest ? [[rest.key, rest]] : []);
  }
}

/** The order in which OSS lists keys: of their bytes. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
