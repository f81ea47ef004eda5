import type { Queues } from './queues';
import type { Content } from './xml';

/** What the operations work on. */
export type Mailbox = { queues: Queues; endpoint: () => string };

/** A request that has been let in. `query` has lower-case names. */
export type Call = {
  /** of the path; empty for ListQueue */
  queue: string;
  query: Map<string, string>;
  headers: Record<string, string>;
  body: string;
  /** aborted when the caller hangs up */
  canceled: AbortSignal;
};

export type Answer = { status: number; document?: [root: string, content: Content]; location?: string };
export type Operation = (call: Call, mailbox: Mailbox) => Answer | Promise<Answer>;
