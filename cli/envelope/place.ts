import type { Facts, Header } from '../../functions/envelope/envelope';
import { LOCAL_FILE } from '../../functions/envelope/header';
import type { Input } from '../files/input';
import { type Location, showLocation } from '../files/location';
import { Failure } from '../terminal/failure';

/** Where the envelope in a local file belongs, unless it was sealed for another place: its own name. */
export function placeOfFile(name: string): Location {
  return { bucket: LOCAL_FILE, key: name };
}

/** What an envelope of a local file says that it was made from. */
export function originOfFile({
  name,
  size,
  modifiedAt,
}: Pick<Input, 'name' | 'size' | 'modifiedAt'>): Facts['inbox'] {
  const lastModified = wholeSeconds(modifiedAt, name);
  return { bucket: LOCAL_FILE, key: name, eTag: 'none', versionId: 'none', size, lastModified };
}

/** When `name` was modified, in ISO 8601, as OSS knows times. Throws `date-unsupported` beyond the years 1 to 9999. */
export function wholeSeconds(date: Date, name: string): string {
  const year = date.getUTCFullYear();
  if (year >= 1 && year <= 9999) return new Date(Math.floor(date.getTime() / 1000) * 1000).toISOString();
  throw new Failure(
    'date-unsupported',
    `Cannot seal ${name}: it was modified at a date beyond the years 1 to 9999`,
  );
}

/**
 * An envelope that was moved or renamed opens only where the operator says so; of one without a name (undefined) nobody can
 * tell. Throws `place-differs`.
 */
export function checkPlace({ facts }: Header, place: Location | undefined): void {
  if (place && facts.vault.bucket === place.bucket && facts.vault.key === place.key) return;
  const theirs = showLocation(facts.vault);
  const what = place ? `the envelope of ${showLocation(place)}` : 'what comes without a name';
  throw new Failure('place-differs', `Cannot open ${what}: it was sealed for ${theirs}`, {
    todo: `if that is the one you mean, say --place ${theirs}`,
  });
}
