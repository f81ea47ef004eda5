import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The next message of a process. Rejects where it ends instead. */
export async function answerOf(child: ChildProcess): Promise<unknown> {
  const answered = new AbortController();
  const end = once(child, 'exit', { signal: answered.signal }).then(() => {
    throw new Error(`Cannot measure ${child.spawnargs.slice(1).join(' ')}: the process has ended`);
  });
  try {
    const [answer] = await Promise.race([once(child, 'message'), end]);
    return answer;
  } finally {
    answered.abort();
    end.catch(() => undefined);
  }
}
