import { HEADER_BLOCK, HEADER_MAX, plaintextSize } from '../../functions/envelope/layout';

/** Bytes, both ends included. */
export type Sizes = { least: number; most: number };

/**
 * The sizes that the plaintext of an envelope of `bytes` may have, as nobody knows how many blocks its header has; undefined where
 * no envelope is of this size.
 */
export function plaintextSizes(bytes: number): Sizes | undefined {
  const sizes: number[] = [];
  for (let header = HEADER_BLOCK; header <= HEADER_MAX; header += HEADER_BLOCK) {
    const size = plaintextSize(bytes - header);
    if (size !== undefined) sizes.push(size);
  }
  const [most, least] = [sizes[0], sizes.at(-1)];
  return most === undefined || least === undefined ? undefined : { least, most };
}
