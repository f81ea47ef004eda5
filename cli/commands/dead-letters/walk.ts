import type { Queue, Received } from '../../cloud/queue';
import { asFailure } from '../../terminal/failure';

/** What became of a letter: whether it has been deleted, and whether no further one is needed. */
export type Verdict = { isDeleted?: boolean; isLast?: boolean };

/** How many letters are given back at once. */
const AT_ONCE = 8;

/**
 * Shows each letter to `visit` once. MNS has no other way than to receive them: so they are hidden from others, for 60
 * seconds each (the queue's VisibilityTimeout), and given back at the end, however it ends. What is killed in the middle
 * leaves them hidden for the rest of that minute. Returns false where the walk took longer than that: those that came
 * again by themselves stand before those that were not seen yet.
 */
export async function walk(queue: Queue, visit: (letter: Received) => Promise<Verdict>): Promise<boolean> {
  const handles = new Map<string, string>();
  let again = 0;
  try {
    for (;;) {
      const letter = await queue.receive();
      if (!letter) return true;
      const { id, handle } = letter;
      again = handles.has(id) ? again + 1 : 0;
      handles.set(id, handle);
      if (again >= handles.size) return false;
      if (again > 0) continue;
      const { isDeleted, isLast } = await visit(letter);
      if (isDeleted) handles.delete(id);
      if (isLast) return true;
    }
  } catch (error) {
    throw asFailure(error, {
      left: 'every letter that was not named is in the queue, to be seen within a minute',
    });
  } finally {
    await giveBack(queue, [...handles.values()]);
  }
}

/** Also after Ctrl-C. A letter that cannot be given back comes back by itself. */
async function giveBack(queue: Queue, handles: string[]): Promise<void> {
  while (handles.length > 0) {
    await Promise.allSettled(handles.splice(0, AT_ONCE).map((handle) => queue.giveBack(handle)));
  }
}
