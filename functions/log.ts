import { createHash } from 'node:crypto';
import { asFault, Fault } from './fault';
import type { LogKeys } from './variable-checks';

type Fields = Record<string, string | number | boolean | undefined>;

/** One outcome, one JSON line. Written raw: FC puts a prefix before what console prints, and a log index wants JSON. */
export function log(outcome: string, fields: Fields): void {
  process.stdout.write(`${JSON.stringify({ outcome, ...fields })}\n`);
}

/** The line of something that failed: its code, its sentence, and the detail that no caller is told. */
export function logFault(error: unknown, fields: Fields, logKeys: LogKeys = 'plain'): void {
  const { code, message, detail } = asFault(error);
  log('failed', { ...fields, code, message: logKeys === 'plain' ? message : unquoted(message), detail });
}

/** What a sentence quotes are words of a caller, who may have put a key where the name of a field belongs. */
function unquoted(message: string): string {
  return message.replaceAll(/"(?:\\.|[^"\\])*"/g, '"…"');
}

/**
 * Runs a handler. What Function Compute tells of an error that it throws, message and frames, is fit for callers only where
 * that is a Fault: what was not foreseen goes to the log, and leaves as one.
 */
export async function onlyFaults<T>(requestId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Fault)) logFault(error, { requestId });
    throw asFault(error);
  }
}

/** An object key as the log shows it: itself, or the first 32 hex digits of its SHA-256. */
export function loggedKey(key: string, logKeys: LogKeys): string {
  return logKeys === 'plain' ? key : createHash('sha256').update(key).digest('hex').slice(0, 32);
}
