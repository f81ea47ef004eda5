import { setTimeout as delay } from 'node:timers/promises';
import type { Call, Effect, Hooks, InjectedError } from '../gateway/hooks';
import type { OssEvent } from '../oss/store/event';
import { type Deed, type Fault, isEventFault, isRequestFault, type RequestFault } from './fault';
import { createHeldEvents, type Deliver } from './held-events';
import { type Candidate, matches } from './match';

/** A fault that was added; `matched` counts the requests or events that fitted so far. */
type AddedFault = Fault & { id: string; matched: number };

export type Faults = {
  /** The fault's id. */
  add(fault: Fault): string;
  list(): AddedFault[];
  /** False when there is none of that id. */
  remove(id: string): boolean;
  /** Removes every fault, and delivers the events that are held. */
  clear(): Promise<void>;
  hooks: Hooks;
  /** Delivers an event as the faults say. */
  onEvent(event: OssEvent): Promise<void>;
  /** Delivers now the events that are held. */
  release(): Promise<void>;
  /** Delivers the events that were held until now. */
  tick(): Promise<void>;
  /** Ends what delays, and delivers the events that are held. */
  close(): Promise<void>;
};

export type FaultsOptions = {
  now: () => number;
  deliver: Deliver;
  /** Kills what runs of a function. */
  kill: (functionName: string) => void | Promise<void>;
};

/** How each service says that there were too many requests. */
const throttling: Record<Call['service'], InjectedError> = {
  oss: { code: 'ServiceUnavailable' },
  kms: { code: 'Rejected.Throttling' },
  fc: { code: 'ResourceThrottled', status: 429, message: 'Resource is throttled.' },
  mns: { code: 'QpsLimitExceeded', status: 403, message: 'The QPS limit is exceeded.' },
  sts: { code: 'Throttling' },
};

/** Faults to be injected, as hooks for the services and a way for events. */
export function createFaults({ now, deliver, kill }: FaultsOptions): Faults {
  const faults = createList();
  const events = createHeldEvents(deliver);
  const closing = new AbortController();

  // A request is counted once, when it comes.
  const later = new WeakMap<Call, RequestFault[]>();

  function before(call: Call): Promise<Effect> {
    const due = faults.due(call).filter(isRequestFault);
    later.set(call, due.filter(isForLater));
    return performAll(
      due.filter((fault) => !isForLater(fault)),
      call,
    );
  }

  const after = (call: Call) => performAll(later.get(call) ?? [], call);

  async function performAll(due: RequestFault[], call: Call): Promise<Effect> {
    const effect: Effect = {};
    for (const fault of due) Object.assign(effect, await perform(fault.do, call));
    return effect;
  }

  async function perform(deed: Deed, { service }: Call): Promise<Effect | undefined> {
    if ('error' in deed || 'cutBodyAt' in deed) return deed;
    if ('throttle' in deed) return { error: throttling[service] };
    if ('dropAnswer' in deed) throw new Error('A fault drops the answer');
    if ('killFunction' in deed) await kill(deed.killFunction);
    if ('delayMs' in deed) {
      await delay(deed.delayMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
    return undefined;
  }

  async function onEvent(event: OssEvent): Promise<void> {
    const { bucket, object } = event.oss;
    const principal = event.userIdentity.principalId;
    const place = { bucket: bucket.name, key: object.key, principal };
    const fault = faults.due({ service: 'event', operation: event.eventName, ...place }).find(isEventFault);
    return fault ? events.treat(event, fault.do) : events.pass(event);
  }

  async function clear(): Promise<void> {
    faults.clear();
    await events.release();
  }

  async function close(): Promise<void> {
    closing.abort();
    await clear();
  }

  const { add, list, remove } = faults;
  return {
    add,
    list,
    remove,
    clear,
    onEvent,
    close,
    hooks: { before, after },
    release: () => events.release(),
    tick: () => events.release(now()),
  };
}

function isForLater({ when, do: deed }: RequestFault): boolean {
  return (when ?? ('dropAnswer' in deed ? 'after' : 'before')) === 'after';
}

function createList() {
  let added: AddedFault[] = [];
  let lastId = 0;

  function add(fault: Fault): string {
    const id = String(++lastId);
    added.push({ ...fault, id, matched: 0 });
    return id;
  }

  function remove(id: string): boolean {
    const left = added.filter((fault) => fault.id !== id);
    const found = left.length < added.length;
    added = left;
    return found;
  }

  /** Counts the candidate; the faults whose turn it is, oldest first. */
  function due(candidate: Candidate): AddedFault[] {
    const isEvent = candidate.service === 'event';
    const fitting = added.filter(
      (fault) => isEventFault(fault) === isEvent && matches(fault.match, candidate),
    );
    for (const fault of fitting) fault.matched++;
    return fitting.filter(({ matched, nth = 1, times = 1 }) => matched >= nth && matched < nth + times);
  }

  const clear = () => {
    added = [];
  };
  return { add, remove, due, clear, list: () => structuredClone(added) };
}
