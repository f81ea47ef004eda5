import { Fault } from '../fault';
import type { Retry } from './retry';

/** Something to send as one part: its number, its size in bytes, and its content, which can be asked for again. */
export type OutgoingPart = { number: number; size: number; content: () => AsyncIterable<Buffer> };

/** Where parts go. It returns a `StoredPart` for each and wants them back at the end, for an `Stored` of the whole. */
export type Target<StoredPart, Stored> = {
  put(content: Buffer): Promise<Stored>;
  multipart(): Promise<{
    part(number: number, content: AsyncIterable<Buffer>, size: number): Promise<StoredPart>;
    complete(parts: StoredPart[]): Promise<Stored>;
    abort(): Promise<void>;
  }>;
};

/** What is held in memory as a whole: a single part of up to this many bytes, sent in one call. */
export const PUT_MAX = 16 * 1024 * 1024;

export type TransferOptions = { retry: Retry; parallel: number };

/**
 * Sends parts to one object: a small single one in one call, more of them at most `parallel` at a time, each retried
 * by itself. When one fails for good no further one starts, and the upload is aborted before the failure is thrown.
 */
export async function transfer<StoredPart, Stored>(
  parts: OutgoingPart[],
  target: Target<StoredPart, Stored>,
  { retry, parallel }: TransferOptions,
): Promise<Stored> {
  const [first] = parts;
  if (first && parts.length === 1 && first.size <= PUT_MAX) {
    return retry(async () => target.put(await collect(first.content())));
  }
  const upload = await retry(() => target.multipart());
  try {
    const send = ({ number, size, content }: OutgoingPart) =>
      retry(() => upload.part(number, content(), size));
    const stored = await inParallel(parts, parallel, send);
    return await retry(() => upload.complete(stored));
  } catch (error) {
    await upload.abort().catch((abortError) => {
      throw abandoned(error, abortError);
    });
    throw error;
  }
}

async function collect(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Results in the items' order. Waits for all that has started, also after a failure: nothing may run on unseen. */
async function inParallel<T, R>(items: T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  let failed = false;
  async function worker() {
    for (const [index, item] of queue) {
      if (failed) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }
  const workers = Array.from({ length: Math.min(limit, items.length) }, worker);
  const ended = await Promise.allSettled(workers);
  const failure = ended.find((end) => end.status === 'rejected');
  if (failure) throw failure.reason;
  return results;
}

/** The failure that ended the upload, with word of the unfinished upload that could not be aborted. */
function abandoned(error: unknown, abortError: unknown): unknown {
  if (!(error instanceof Fault)) return error;
  const why = abortError instanceof Fault ? abortError.message : 'unknown error';
  const detail = [error.detail, `the upload is left unfinished: ${why}`].filter(Boolean).join('; ');
  return new Fault(error.code, error.message, detail);
}
