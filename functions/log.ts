import { asFault } from './fault';

type Fields = Record<string, string | number | undefined>;

/** One outcome, one JSON line. Written raw: FC puts a prefix before what console prints, and a log index wants JSON. */
export function log(outcome: string, fields: Fields): void {
  process.stdout.write(`${JSON.stringify({ outcome, ...fields })}\n`);
}

/** The line of something that failed: its code, its sentence, and the detail that no caller is told. */
export function logFault(error: unknown, fields: Fields): void {
  const { code, message, detail } = asFault(error);
  log('failed', { ...fields, code, message, detail });
}
