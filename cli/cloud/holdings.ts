import { compareKeys, type Holding, holdingsIn, versionPages } from '../../functions/cloud/versions';
import type { Location } from '../files/location';
import type { Buckets } from '../session/session';

export { compareKeys, type Holding } from '../../functions/cloud/versions';

/** What a bucket holds under a prefix, in the order of keys, from the keys after `afterKey` on. */
export function holdings(
  session: Buckets,
  { bucket, key: prefix }: Location,
  afterKey?: string,
): AsyncGenerator<Holding> {
  return holdingsIn(versionPages(session.oss(bucket), { prefix, afterKey }));
}

type Keyed = { key: string };

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
