import { randomInt } from 'node:crypto';
import { plaintextIn } from '../../../functions/envelope/envelope';
import { chunkCount, type Range } from '../../../functions/envelope/layout';
import { lookAt } from '../../envelope/look-at';
import { openSealed } from '../../envelope/open-sealed';
import { checkPlace } from '../../envelope/place';
import { whileRunning } from '../../files/while-running';
import type { Work } from '../../session/run';
import type { Target } from './targets';

/** What was opened and discarded: bytes of plaintext, and chunks of how many. */
export type Verified = { bytes: number; chunks: number; ofChunks: number };

export type Thoroughness = {
  /** Beside the first and the last chunk, so many others; undefined: all. */
  sample: number | undefined;
  /** Undefined: the deployment's keys. */
  trustKey: string[] | undefined;
};

/**
 * Opens an envelope as the place where it lies, and discards what comes of it. Commitment and metadata are always verified.
 * Throws as `lookAt` and `openSealed`, and where it was cut, changed or moved.
 */
export async function verifyOne(
  { session, interrupted }: Work,
  target: Target,
  { sample, trustKey }: Thoroughness,
): Promise<Verified> {
  const { input, place } = await target.open();
  try {
    const looked = await lookAt(input);
    checkPlace(looked.header, place);
    const { chunks } = await openSealed(await session(), input, looked, trustKey);
    const ofChunks = chunkCount(plaintextIn(looked.header));
    const runs = runsOf(ofChunks, sample);
    let bytes = 0;
    for (const run of runs) {
      for await (const piece of whileRunning(interrupted, chunks(run))) bytes += piece.length;
    }
    return { bytes, chunks: count(runs), ofChunks };
  } finally {
    await input.close();
  }
}

/** All chunks, or the first, the last and `sample` others, chosen anew each time. */
export function runsOf(chunks: number, sample: number | undefined): Range[] {
  if (sample === undefined || sample + 2 >= chunks) return [{ from: 0, to: chunks }];
  const chosen = new Set([0, chunks - 1]);
  while (chosen.size < sample + 2) chosen.add(randomInt(1, chunks - 1));
  return [...chosen].sort((a, b) => a - b).map((from) => ({ from, to: from + 1 }));
}

function count(runs: Range[]): number {
  return runs.reduce((all, { from, to }) => all + to - from, 0);
}
