import { createHash } from 'node:crypto';
import { Failure, interruption } from '../terminal/failure';
import { doesNotVerify } from './refusals';

/** Opens ciphertext that only its end proves: a `Decipher` of node:crypto is one. `final` throws where it does not verify. */
export type Unsealer = { update(ciphertext: Buffer): Buffer; final(): Buffer };

const BLOCK = 1_048_576;

/**
 * Opens what has its one tag at the end, and yields nothing before that tag has verified. The first pass opens, discards,
 * and keeps the SHA-256 of every MiB of ciphertext (32 bytes in memory for each); the second opens again, and yields a MiB
 * only where its ciphertext is what verified. `read` gives the ciphertext from its begin, each time it is called. Of several
 * `openers`, for formats that do not name their cipher, the first whose tag verifies is taken.
 * Throws `cannot-open` (mute), `file-changed`, `interrupted`.
 */
export async function* verifiedTwice(
  read: () => AsyncIterable<Buffer>,
  openers: (() => Unsealer)[],
  interrupted?: AbortSignal,
): AsyncGenerator<Buffer> {
  const { open, digests } = await verify(blocksOf(read(), interrupted), openers);
  const unsealer = open();
  let passed = 0;
  for await (const block of blocksOf(read(), interrupted)) {
    if (digestOf(block) !== digests[passed]) throw changed();
    passed += 1;
    yield unsealer.update(block);
  }
  if (passed < digests.length) throw changed();
  yield unsealer.final();
}

async function verify(blocks: AsyncIterable<Buffer>, openers: (() => Unsealer)[]) {
  const tried = openers.map((open) => ({ open, unsealer: open() }));
  const digests: string[] = [];
  for await (const block of blocks) {
    digests.push(digestOf(block));
    for (const { unsealer } of tried) unsealer.update(block);
  }
  const found = tried.find(({ unsealer }) => verifies(unsealer));
  if (!found) throw doesNotVerify();
  return { open: found.open, digests };
}

function verifies(unsealer: Unsealer): boolean {
  try {
    unsealer.final();
    return true;
  } catch {
    return false;
  }
}

// Latin-1: one byte of memory for each of the digest.
function digestOf(block: Buffer): string {
  return createHash('sha256').update(block).digest('binary');
}

/** The same bytes in blocks of 1 MiB, the last one shorter, however they come. */
async function* blocksOf(
  pieces: AsyncIterable<Buffer>,
  interrupted: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  let [held, size]: [Buffer[], number] = [[], 0];
  for await (const piece of pieces) {
    if (interrupted?.aborted) throw interruption();
    held.push(piece);
    size += piece.length;
    if (size < BLOCK) continue;
    const bytes = Buffer.concat(held);
    let at = 0;
    for (; at + BLOCK <= bytes.length; at += BLOCK) yield bytes.subarray(at, at + BLOCK);
    [held, size] = [[bytes.subarray(at)], bytes.length - at];
  }
  if (size > 0) yield Buffer.concat(held);
}

function changed(): Failure {
  return new Failure('file-changed', 'Cannot open the file: it is another one than a moment ago');
}
