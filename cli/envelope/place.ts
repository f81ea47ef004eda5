import type { Location } from '../files/location';

/** The bucket that envelopes of local files name, instead of a vault: no envelope in a bucket of this name opens without --place. */
export const LOCAL_FILE = 'local-file';

/** Where the envelope in a local file belongs, unless it was sealed for another place: its own name. */
export function placeOfFile(name: string): Location {
  return { bucket: LOCAL_FILE, key: name };
}
