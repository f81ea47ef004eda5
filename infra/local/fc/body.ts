import type { IncomingMessage } from 'node:http';

/** Synchronous and asynchronous payloads, bytes (docs: "Limits"). */
export const MAX_SYNC_BYTES = 32 * 1024 * 1024;
export const MAX_ASYNC_BYTES = 128 * 1024;

/** The whole body, or undefined when it has more than `limit` bytes (the rest is read and dropped). */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes <= limit ? Buffer.concat(chunks) : undefined;
}

/** Whether the caller wants only the acknowledgement that the event is queued. */
export function isAsync({ headers }: IncomingMessage): boolean {
  return String(headers['x-fc-invocation-type']).toLowerCase() === 'async';
}
