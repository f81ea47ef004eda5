import { send } from '../../functions/cloud/agents';
import type { Crc64 } from '../../functions/cloud/crc64';
import { unanswered } from '../../functions/cloud/unanswered';
import { Fault } from '../../functions/fault';
import type { Session } from '../session/session';

export type Download = {
  /** Bytes of the whole. */
  size: number;
  /** A fresh signed URL. It may wait for the plaintext. */
  ask(): Promise<string>;
};

/** Nothing for so long is an end. */
const SILENCE_MS = 60_000;

/**
 * The bytes of a download from `from` on; `before` has the checksum of what was there already. A connection that is lost
 * goes on where it stopped, a URL whose time is over is asked for again. Throws `stored-differs` at the end, where the
 * whole is not what OSS says it has, `oss-unavailable`, `oss-refused`, and what `ask` throws.
 */
export async function* readDownload(
  { retry, interrupted }: Session,
  { size, ask }: Download,
  { from, sum }: { from: number; sum: Crc64 },
): AsyncGenerator<Buffer> {
  let [url, wanted]: (string | undefined)[] = [];
  const begin = async (at: number) => {
    const isFresh = url === undefined;
    url ??= await ask();
    const answer = await open(url, at, size, interrupted);
    if (answer !== 'over') return answer;
    url = undefined;
    throw isFresh ? refused(403) : new Fault('oss-unavailable', 'Cannot fetch the download: its URL is over');
  };
  // What is empty is opened, too.
  if (size === 0) await retry(ask);
  for (let at = from; at < size || (size > 0 && wanted === undefined); ) {
    // Where all bytes are there, the last is asked for, to learn the checksum.
    const { first, pieces, checksum } = await retry(() => begin(Math.min(at, size - 1)));
    wanted = checksum;
    for await (const piece of untilLost(first, pieces)) {
      if (at >= size) break;
      sum.update(piece);
      at += piece.length;
      yield piece;
    }
  }
  if (size > 0 && sum.value().toString() !== wanted) {
    throw new Fault('stored-differs', 'Cannot trust the download: other bytes came than OSS says it has');
  }
}

type Answer = { first: Buffer; pieces: AsyncIterator<Buffer>; checksum: string | undefined };

/** An answer whose first bytes have come: whoever gets one moves on. */
async function open(url: string, from: number, size: number, signal: AbortSignal): Promise<Answer | 'over'> {
  try {
    const headers = from > 0 ? { range: `bytes=${from}-` } : {};
    const response = await send(url, { headers, signal, timeout: SILENCE_MS });
    const { statusCode = 0 } = response;
    if (statusCode >= 300) response.resume();
    if (statusCode === 403 || statusCode === 404) return 'over';
    const isWhole = response.headers['content-length'] === String(size - from);
    if (statusCode !== (from === 0 ? 200 : 206) || !isWhole) throw refused(statusCode);
    const pieces = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const first = await pieces.next();
    if (first.done) throw refused(statusCode);
    return { first: first.value, pieces, checksum: String(response.headers['x-oss-hash-crc64ecma']) };
  } catch (error) {
    throw error instanceof Fault ? error : lost(error, url);
  }
}

/** What comes until the connection is lost, which is no failure here. */
async function* untilLost(first: Buffer, pieces: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first;
    for (;;) {
      const next = await pieces.next().catch(() => undefined);
      if (!next || next.done) return;
      yield next.value;
    }
  } finally {
    await pieces.return?.().catch(() => {});
  }
}

function refused(status: number): Fault {
  const code = status >= 500 || status < 300 ? 'oss-unavailable' : 'oss-refused';
  return new Fault(code, `Cannot fetch the download: OSS answered ${status}`);
}

/** Errors of the network quote no URL. */
function lost(error: unknown, url: string): Fault {
  const { why = 'the connection was lost', detail } = unanswered(error, new URL(url).host);
  return new Fault('oss-unavailable', `Cannot fetch the download: ${why}`, detail);
}
