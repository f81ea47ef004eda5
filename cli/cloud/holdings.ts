import type { DeleteMarker, Version } from '../../functions/cloud/versions';
import type { Location } from '../files/location';
import type { Session } from '../session/session';
import { versionPages } from './version-pages';

/** All that a bucket holds under one key. `versions`: the newest first; `answeredAt`: by the clock of OSS. */
export type Holding = { key: string; versions: Version[]; markers: DeleteMarker[]; answeredAt: Date };

/**
 * What a bucket holds under a prefix, in the order of keys, from the keys after `after` on: one ListObjectVersions for
 * 1000 versions. Holds one page in memory, and all versions of one key.
 */
export async function* holdings(
  session: Session,
  place: Location,
  afterKey?: string,
): AsyncGenerator<Holding> {
  let open = new Map<string, Holding>();
  for await (const page of versionPages(session, place, { afterKey })) {
    const { answeredAt, next: after } = page;
    for (const version of page.versions) at(open, version.key, answeredAt).versions.push(version);
    for (const marker of page.markers) at(open, marker.key, answeredAt).markers.push(marker);
    // A key's versions may be spread over pages: it is complete when another key follows, or nothing.
    for (const holding of [...open.values()].sort(byKey)) if (holding.key !== after?.key) yield holding;
    const rest = after && open.get(after.key);
    open = new Map(rest ? [[rest.key, rest]] : []);
  }
}

function at(open: Map<string, Holding>, key: string, answeredAt: Date): Holding {
  const holding = open.get(key) ?? { key, versions: [], markers: [], answeredAt };
  open.set(key, holding);
  return holding;
}

type Keyed = { key: string };

function byKey(a: Keyed, b: Keyed): number {
  return compareKeys(a.key, b.key);
}

/** The order in which OSS lists keys: of their bytes. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

export type Pair<A, B> = { key: string; left: A | undefined; right: B | undefined };

/** Two sequences in the order of keys, each key once: what either has under each. Holds one of each in memory. */
export async function* sideBySide<A extends Keyed, B extends Keyed>(
  lefts: AsyncIterable<A>,
  rights: AsyncIterable<B>,
): AsyncGenerator<Pair<A, B>> {
  const [a, b] = [lefts[Symbol.asyncIterator](), rights[Symbol.asyncIterator]()];
  try {
    let [left, right]: [A | undefined, B | undefined] = [await next(a), await next(b)];
    for (let key = first(left, right); key !== undefined; key = first(left, right)) {
      const pair = { key, left: ofKey(left, key), right: ofKey(right, key) };
      yield pair;
      if (pair.left) left = await next(a);
      if (pair.right) right = await next(b);
    }
  } finally {
    await Promise.all([a.return?.(), b.return?.()]);
  }
}

function first(left: Keyed | undefined, right: Keyed | undefined): string | undefined {
  if (!left || !right) return (left ?? right)?.key;
  return compareKeys(left.key, right.key) <= 0 ? left.key : right.key;
}

function ofKey<T extends Keyed>(one: T | undefined, key: string): T | undefined {
  return one?.key === key ? one : undefined;
}

async function next<T>(sequence: AsyncIterator<T>): Promise<T | undefined> {
  const { done, value } = await sequence.next();
  return done ? undefined : value;
}
