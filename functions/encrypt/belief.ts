import type { Version } from '../cloud/versions';
import type { Facts, WrappedKey } from '../envelope/envelope';

/** Of the clocks that OSS's Date header, in whole seconds, may differ from: ours, the wire's and the rounding. */
const APART_MS = 2000;

/** Our clock, in milliseconds, unless OSS's contradicts it: that of an instance just thawed may be behind. */
export function agreedMoment(ours: Date, answeredAt: Date): Date {
  const apart = Math.abs(ours.getTime() - answeredAt.getTime());
  return apart > APART_MS ? new Date(answeredAt.getTime() + (ours.getTime() % 1000)) : ours;
}

/**
 * How much later than its version's Last-Modified a `sealedAt` may be: an agreed moment is APART_MS ahead of OSS at most, and
 * the clocks of OSS's own machines are allowed three seconds among themselves.
 */
const AHEAD_MS = APART_MS + 3000;

/** Whether a version cannot be sealed later than at a moment (ms). */
export function isBefore({ lastModified }: Pick<Version, 'lastModified'>, moment: number): boolean {
  return Date.parse(lastModified) + AHEAD_MS < moment;
}

/**
 * Whether nothing below such a version can be sealed later either, as it was stored before. One of parts may have the time of its
 * beginning.
 */
export function isLast({ type }: Pick<Version, 'type'>): boolean {
  return type !== 'Multipart';
}

/** What can be looked at without a key. */
type Claim = { facts: Facts; wrappedKeys: Pick<WrappedKey, 'keyArn'>[] };

/**
 * Why a version cannot be an envelope of ours, whatever it says; undefined where it may be, which proves nothing. `keyArns`: the
 * keys that decrypt may ask for, undefined where nobody knows. It has been seen to be of its place and size.
 */
export function disbelief(
  version: Pick<Version, 'lastModified' | 'type'>,
  { facts, wrappedKeys }: Claim,
  keyArns: readonly string[] | undefined,
): string | undefined {
  const { lastModified, type } = version;
  if (!isOurType(type)) return `it is of the type ${type}, which no envelope has`;
  if (isBefore(version, Date.parse(facts.sealedAt)))
    return `it says that it was sealed at ${facts.sealedAt}, and is in the vault since ${lastModified}`;
  if (keyArns && !wrappedKeys.some(({ keyArn }) => keyArns.includes(keyArn)))
    return `its data key is wrapped under ${wrappedKeys.map(({ keyArn }) => keyArn).join(', ')}, which decrypt does not ask for`;
  return undefined;
}

/** A symlink shows what lies elsewhere, and an appendable object changes. */
export function isOurType(type: Version['type']): boolean {
  return type === 'Normal' || type === 'Multipart';
}
