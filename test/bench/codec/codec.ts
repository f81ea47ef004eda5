/** A way to seal a stream, at work in a process of its own. What it yields is only counted. */
export type Codec = {
  seal(plaintext: AsyncIterable<Buffer>): AsyncIterable<Uint8Array>;
  /** `sealed` comes from `seal`, in pieces of the same lengths as the plaintext's. */
  open(sealed: AsyncIterable<Buffer>): AsyncIterable<Uint8Array>;
};

/** What is sealed at once, bytes. */
export const POOL = 16 * 1024 ** 2;

export type Contestant = {
  name: string;
  /** What it is, for the table. */
  about: string;
  /** Length of the pieces that it is given, bytes. */
  piece: number;
  /** How many pools it works through in one round: some 100 ms and more of CPU time. */
  pools: number;
  codec(): Promise<Codec>;
};
