import type { Hooks } from '../../gateway/hooks';
import type { Authorize } from '../../ram/authorize';
import type { AccessKeys } from '../../ram/credentials';
import type { Report } from '../instances/report';
import type { Delivery } from './destinations';

export type DeploymentOptions = {
  /** The cloud's data folder; the queue is kept in `<data>/fc`. */
  data: string;
  /** path of the bundled runtime.ts */
  runtime: string;
  /** what runs it, as FC has a Node of its own; FUNCTIONS_NODE, or this one */
  node?: string;
  accessKeys: AccessKeys;
  accountId: string;
  region: string;
  now: () => number;
  clientTime?: (time: number, resolution?: number) => number;
  /** processes of one function at a time, default 4; what is over it waits */
  instanceLimit?: number;
  /** before the first retry of an asynchronous invocation, default 1000 */
  retryDelayMs?: number;
  onReport?: (report: Report) => void;
  hooks?: Hooks;
  /** MNS, for destinations. `principal` is the function role's, absent for a function without a role. */
  sendMessage?: (message: { queue: string; body: string; principal?: string }) => Promise<unknown>;
  /** Told what came of a destination. By default a failure is a warning of the process. */
  onDelivery?: (delivery: Delivery) => void;
  authorize?: Authorize;
};

/** Milliseconds from now, the id that a function in task mode takes once, and that of the request, where it has one. */
export type AsyncOptions = { delayMs?: number; taskId?: string; requestId?: string };
