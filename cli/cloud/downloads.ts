import { send } from '../../functions/cloud/agents';
import type { Crc64 } from '../../functions/cloud/crc64';
import { resumed } from '../../functions/cloud/pieces';
import { unanswered } from '../../functions/cloud/unanswered';
import type { Range } from '../../functions/envelope/layout';
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
  { retry, interrupted }: Pick<Session, 'retry' | 'interrupted'>,
  { size, ask }: Download,
  { from, sum }: { from: number; sum: Crc64 },
): AsyncGenerator<Buffer> {
  let [url, wanted]: (string | undefined)[] = [];
  async function* stretch(at: number): AsyncGenerator<Buffer> {
    const isFresh = url === undefined;
    url ??= await ask();
    const asked = url;
    try {
      const answer = await answerAt(asked, { from: at, to: size }, interrupted);
      wanted = answer?.checksum;
      if (answer) return yield* answer.pieces;
    } catch (error) {
      throw error instanceof Fault ? error : lost(error, asked);
    }
    url = undefined;
    throw isFresh ? refused(403) : new Fault('oss-unavailable', 'Cannot fetch the download: its URL is over');
  }
  // What is empty is opened, too.
  if (size === 0) await retry(ask);
  // Where all bytes are there, the last is asked for, to learn the checksum.
  for await (const piece of resumed(
    retry,
    { from: Math.max(0, Math.min(from, size - 1)), to: size },
    stretch,
  )) {
    if (from === size) break;
    sum.update(piece);
    yield piece;
  }
  if (size > 0 && sum.value().toString() !== wanted) {
    throw new Fault('stored-differs', 'Cannot trust the download: other bytes came than OSS says it has');
  }
}

/** Undefined where the URL is over. */
async function answerAt(url: string, { from, to }: Range, signal: AbortSignal) {
  const headers = from > 0 ? { range: `bytes=${from}-` } : {};
  const response = await send(url, { headers, signal, timeout: SILENCE_MS });
  const { statusCode = 0 } = response;
  if (statusCode >= 300) response.resume();
  if (statusCode === 403 || statusCode === 404) return undefined;
  const isWhole = response.headers['content-length'] === String(to - from);
  if (statusCode !== (from === 0 ? 200 : 206) || !isWhole) throw refused(statusCode);
  return { pieces: response, checksum: String(response.headers['x-oss-hash-crc64ecma']) };
}

function refused(status: number): Fault {
  const code = status >= 500 || status < 300 ? 'oss-unavailable' : 'oss-refused';
  return new Fault(code, `Cannot fetch the download: OSS answered ${status}`);
}

/** Errors of the network quote no URL. */
function lost(error: unknown, url: string): Fault {
  const doing = 'fetch the download';
  const { why = 'the connection was lost', ...said } = unanswered(error, new URL(url).host);
  return new Fault('oss-unavailable', `Cannot ${doing}: ${why}`, { doing, ...said });
}
