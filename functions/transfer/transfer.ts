import { Fault, withMore } from '../fault';

/** Something to send as one part: its number, its size in bytes, and its content, which can be asked for again. */
export type OutgoingPart = { number: number; size: number; content: () => AsyncIterable<Buffer> };

/** Where parts go. It returns a `StoredPart` for each and wants them back at the end, for an `Stored` of the whole. */
export type Target<StoredPart, Stored> = {
  put(whole: OutgoingPart): Promise<Stored>;
  multipart(): Promise<{
    part(part: OutgoingPart): Promise<StoredPart>;
    complete(parts: StoredPart[]): Promise<Stored>;
    abort(): Promise<void>;
  }>;
};

/** What is held in memory as a whole: a single part of up to this many bytes, sent in one call. */
export const PUT_MAX = 16 * 1024 * 1024;

/**
 * Sends parts to one object: a small single one in one call, more of them at most `parallel` at a time. When one fails no
 * further one starts, and the upload is aborted before the failure is thrown. What may be tried again, the target tries.
 */
export async function transfer<StoredPart, Stored>(
  parts: OutgoingPart[],
  target: Target<StoredPart, Stored>,
  parallel: number,
): Promise<Stored> {
  const [first] = parts;
  if (first && parts.length === 1 && first.size <= PUT_MAX) return target.put(first);
  const upload = await target.multipart();
  const stored: StoredPart[] = [];
  try {
    await inParallel(parts.entries(), parallel, async ([index, part]) => {
      stored[index] = await upload.part(part);
    });
    return await upload.complete(stored);
  } catch (error) {
    await upload.abort().catch((abortError) => {
      throw abandoned(error, abortError);
    });
    throw error;
  }
}

/** Works on items as they come, `limit` at a time. After a failure nothing new is begun, and all that was begun has ended. */
export async function inParallel<T>(
  items: Iterator<T> | AsyncIterator<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let failed = false;
  async function worker(): Promise<void> {
    try {
      while (!failed) {
        const { value, done } = await items.next();
        if (done || failed) return;
        await work(value);
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: limit }, worker));
  const failure = ended.find((end) => end.status === 'rejected');
  if (failure) throw failure.reason;
}

/** The failure that ended the upload, with word of the unfinished upload that could not be aborted. */
function abandoned(error: unknown, abortError: unknown): unknown {
  if (!(error instanceof Fault)) return error;
  const why = abortError instanceof Fault ? abortError.message : 'unknown error';
  return withMore(error, `the upload is left unfinished: ${why}`);
}
