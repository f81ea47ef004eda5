import type { IncomingHttpHeaders } from 'node:http';
import { type Call, effectOf, type Hook, type Hooks, shownHeaders } from '../gateway/hooks';
import { MnsError } from './queues/errors';

/** What is known of a request at once: its operation, queue and caller come later. */
export function unknownCall(headers: IncomingHttpHeaders, query: Record<string, string>): Call {
  return { service: 'mns', operation: 'Unknown', query, headers: shownHeaders(headers), principal: '' };
}

/** Runs `action` as the hooks let it: refused before it, or its answer lost after it. */
export async function hooked<T>({ before, after }: Hooks, call: Call, action: () => Promise<T>): Promise<T> {
  await heed(before, call);
  const result = await action();
  await heed(after, call);
  return result;
}

/** Whether the connection is to be lost without an answer. */
export function isLost(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ECONNRESET';
}

async function heed(hook: Hook | undefined, call: Call): Promise<void> {
  const { error } = await effectOf(hook, call).catch((thrown: unknown) => {
    throw thrown instanceof MnsError ? thrown : lost(thrown);
  });
  if (error) throw new MnsError(error);
}

function lost(cause: unknown): Error {
  return Object.assign(new Error('The connection is lost', { cause }), { code: 'ECONNRESET' });
}
