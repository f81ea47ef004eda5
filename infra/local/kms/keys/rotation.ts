import { type Key, type KeyVersion, newVersion, primaryVersion, without } from '../store/key';
import { invalidParameter } from '../wire/errors';

const SECONDS: Record<string, number> = { d: 86_400, h: 3600, m: 60, s: 1 };
const DAY = 86_400;

/** `7d` or `604800s`, in seconds: 7 to 730 days. Throws InvalidParameter. */
export function rotationInterval(text: string): number {
  const [, count, unit = ''] = /^(\d{1,9})([dhms])$/.exec(text) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? 0);
  if (!(seconds >= 7 * DAY && seconds <= 730 * DAY)) throw invalidParameter('RotationInterval');
  return seconds;
}

/** When the key gets a new version by itself, in ms: the interval after the last one. */
export function nextRotation(key: Key): number | undefined {
  const { rotationInterval } = key;
  if (rotationInterval === undefined) return undefined;
  return Date.parse(primaryVersion(key).creationDate) + rotationInterval * 1000;
}

/** The key with a new version, which is the primary one. */
export function rotated(key: Key, now: number): Key {
  return withVersion(key, newVersion(now));
}

/** The key with one more version, which is the primary one of a symmetric key. */
export function withVersion(key: Key, version: KeyVersion): Key {
  return { ...without(key, 'primaryVersionId'), versions: [...key.versions, version] };
}
