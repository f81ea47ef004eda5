import type { FormatName } from '../../formats/format';

/** What `open` was asked for. */
export type Wanted = {
  /** Where the plaintext goes. */
  path: string;
  /** As it was named. */
  output?: string;
  place?: string;
  trustKey?: string[];
  force?: true;
  format?: FormatName;
  acceptUnauthenticated?: true;
  /** The file that holds the wrapped data key. */
  wrappedKey?: string;
};
