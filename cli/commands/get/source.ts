import type { Location } from '../../files/location';
import type { RangedOutput } from '../../files/ranged-output';

/** What is asked for. */
export type Wanted = {
  place: Location;
  versionId?: string | undefined;
  /** As in an HTTP Range header. */
  range?: string | undefined;
};

/** Hears of plaintext as it comes. */
export type OnBytes = (bytes: number) => void;

/** A plaintext that can be fetched, in one version of one envelope. */
export type Source = {
  versionId: string;
  sealedAt: string;
  /** Of what is asked for. */
  bytes: number;
  /** What a partial file of it notes first, beside these. */
  content: object;
  /** How many bytes of an output will not be fetched again. */
  done(output: RangedOutput): number;
  /** Writes what is missing. */
  fill(output: RangedOutput, onBytes: OnBytes): Promise<void>;
  /** From the first byte to the last, without a file. */
  stream(onBytes: OnBytes): AsyncIterable<Buffer>;
};
