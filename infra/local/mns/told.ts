import type { Call, Hooks } from '../gateway/hooks';
import { isLost } from './hooked';
import { MnsError } from './queues/errors';

/** What came of a call: 0 where the answer was lost. */
export type Told = { status: number; code?: string };

/** Tells the hooks that a call is done, and after how long. */
export function done({ done }: Hooks, call: Call, { began, ...told }: Told & { began: number }): void {
  done?.(call, { ...told, ms: Math.round(performance.now() - began) });
}

export function toldOf(error: unknown): Told {
  return isLost(error) ? { status: 0 } : refusal(error);
}

/** What is no MnsError was not foreseen; a lost connection has no answer and is thrown on. */
export function refusal(error: unknown): MnsError {
  if (isLost(error)) throw error;
  return error instanceof MnsError ? error : new MnsError('InternalError');
}
