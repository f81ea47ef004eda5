import type { Report } from '../../infra/local/fc/server';
import type { Call, Effect, Hooks } from '../../infra/local/gateway/hooks';
import { functionOf, isAsync, isChange, outcomeOf, told } from './calls';
import { FATES, type Fate } from './fates';
import { createPending, FUNCTIONS } from './pending';
import { createWatchers } from './watchers';

/** The most processes of one function. */
export const INSTANCES = 4;

type Held = {
  functionName: string;
  run: string;
  call: Call;
  /** It, or where it was applied its answer, comes late: after others that came after it. */
  isLate: boolean;
  resolve: (effect: Effect) => void;
  lose: () => void;
};

/** Every call of the encrypt and sweep functions waits here until it is let go, one at a time. */
export type Gate = {
  hooks: Required<Hooks>;
  report(report: Report): void;
  /** How many calls wait, and how many calls and answers that are late. */
  waiting(): { calls: number; late: number };
  /** Lets one of the calls (0 the first, 1 the last) meet its fate; resolves with it when nothing moves any more. */
  go(pick: number, fate: Fate): Promise<Call | undefined>;
  /** The same for what is late. */
  goLate(pick: number): Promise<Call | undefined>;
  /** Resolves when nothing moves: every run that could go on waits here. */
  still(): Promise<void>;
  /** Loses all calls, those to come too. */
  close(): void;
  /** What went on since the last time this was asked, a line for each call. */
  trace(): string[];
};

/** `kill` ends the processes of a function. */
export function createGate(kill: (functionName: string) => Promise<void>): Gate {
  let held: Held[] = [];
  let lines: string[] = [];
  let isClosed = false;
  const fates = new WeakMap<Call, Fate>();
  const runs = new Map<string, string>();
  const doomed = new Set<string>();
  const pending = createPending();
  const watchers = createWatchers();

  function before(call: Call): Promise<Effect> | undefined {
    return functionOf(call) === undefined ? undefined : hold(call, false);
  }

  function hold(call: Call, isLate: boolean): Promise<Effect> {
    const functionName = functionOf(call) ?? '';
    const run = runs.get(call.principal) ?? `${functionName.slice('oss-envelope-'.length)} ${runs.size + 1}`;
    runs.set(call.principal, run);
    if (isClosed) return Promise.reject(new Error('The connection is lost'));
    return new Promise((resolve, reject) => {
      const lose = () => reject(new Error('The connection is lost'));
      held.push({ functionName, run, call, isLate, resolve, lose });
      watchers.wake();
    });
  }

  const go = (pick: number, fate: Fate) => letGo({ isLate: false, pick, fate });
  const goLate = (pick: number) => letGo({ isLate: true, pick, fate: 'passes' });

  async function letGo({ isLate, pick, fate }: { isLate: boolean; pick: number; fate: Fate }) {
    await still();
    const sorted = held
      .filter((one) => one.isLate === isLate)
      .toSorted((a, b) => a.run.localeCompare(b.run, 'en', { numeric: true }));
    const chosen = sorted[Math.round(pick * (sorted.length - 1))];
    if (!chosen) return undefined;
    const fitting = fateOf(chosen, fate);
    lines.push(`${chosen.run}: ${told(chosen.call)} ${isLate ? 'at last ' : ''}${fitting}`);
    held = held.filter((one) => one !== chosen);
    if (fitting === 'comes late') {
      held.push({ ...chosen, isLate: true });
      return undefined;
    }
    await meet(chosen, fitting);
    await still();
    return chosen.call;
  }

  /** A run that ends after a read leaves no trace: it goes on as far as its next change. */
  function fateOf({ run, call }: Held, fate: Fate): Fate {
    if (fate === 'run ends after') doomed.add(run);
    if (!doomed.has(run) || fate === 'comes late') return fate;
    return isChange(call) && doomed.delete(run) ? 'run ends after' : 'passes';
  }

  async function meet({ call, resolve, lose }: Held, fate: Fate): Promise<void> {
    fates.set(call, fate);
    const deed = FATES[fate];
    if (deed?.when !== 'before') return resolve({});
    if (typeof deed.do === 'object') return resolve({ error: deed.do[call.service] });
    if (deed.do === 'killed') await killCaller(call);
    lose();
  }

  async function after(call: Call): Promise<Effect | undefined> {
    if (call.operation === 'InvokeFunction' && isAsync(call)) pending.begin(call.functionName ?? '');
    const deed = FATES[fates.get(call) ?? 'passes'];
    if (deed?.when !== 'after') return undefined;
    if (typeof deed.do === 'object') return { error: deed.do[call.service] };
    if (deed.do === 'held') return hold(call, true);
    if (deed.do === 'killed') await killCaller(call);
    throw new Error('The answer is lost');
  }

  async function killCaller(call: Call): Promise<void> {
    const functionName = functionOf(call) ?? '';
    await kill(functionName);
    loseAll((one) => one.functionName === functionName);
  }

  function loseAll(isLost: (one: Held) => boolean): void {
    const lost = held.filter(isLost);
    held = held.filter((one) => !isLost(one));
    for (const { lose } of lost) lose();
  }

  function close(): void {
    isClosed = true;
    loseAll(() => true);
  }

  function done(call: Call): void {
    if (call.service === 'fc' && call.principal.endsWith('role/oss-envelope-trigger'))
      pending.begin(call.functionName ?? '');
    watchers.wake();
  }

  function report(ended: Report): void {
    pending.end(ended);
    lines.push(
      `${ended.functionName} ended: ${ended.error?.errorType ?? ended.logs.map(outcomeOf).join(' ')}`,
    );
    watchers.wake();
  }

  /** A part that is on its way waits itself where the bytes that it is made of wait. */
  function moves(): boolean {
    return FUNCTIONS.some((name) => {
      const waiting = new Set(held.filter((one) => one.functionName === name).map(({ run }) => run));
      return waiting.size < Math.min(INSTANCES, pending.count(name));
    });
  }

  async function still(): Promise<void> {
    while (moves()) await watchers.change();
  }

  function trace(): string[] {
    const told = lines;
    lines = [];
    return told;
  }

  function waiting() {
    const late = held.filter(({ isLate }) => isLate).length;
    return { calls: held.length - late, late };
  }

  return { hooks: { before, after, done }, report, waiting, go, goLate, still, close, trace };
}
