import {
  type Call,
  currentUpload,
  type Done,
  type Move,
  now,
  REWRAP,
  type Run,
  type Scenario,
  type State,
  SWEEP,
  type World,
} from './model';
import { check, find, lookBack, putAnew } from './rewrap';
import { listing, lookAgain, removeOlder, removeOwn, toSettle } from './second-look';
import { copyOnTop, settle, store } from './vault';

/** The next call of a run. Its effect and its answer are one instant. */
export function nextCall(world: World, state: State, index: number): Move {
  const run = state.runs[index] as Run;
  const done = CALLS[run.step](world, state, run);
  const next = done.state ?? state;
  return { name: done.name, state: { ...next, runs: next.runs.with(index, done.run) } };
}

const CALLS: Record<Run['step'], Call> = {
  waits: begin,
  stamps: stamp,
  reads: read,
  stores: (world, state, run) => store(world, state, run, true),
  'looks again': lookAgain,
  'removes older': removeOlder,
  'removes own': removeOwn,
  settles: settle,
  copies: copyOnTop,
  finds: find,
  checks: check,
  puts: putAnew,
  'looks back': lookBack,
  ended: (_world, _state, run) => ({ name: 'rests', run }),
};

function begin(world: World, state: State, run: Run): Done {
  const { looksFirst, stamps } = world.protocol;
  if (run.event === SWEEP || run.event === REWRAP) return settle(world, state, run);
  if (stamps === 'at first' && run.stamp === 0) return { name: 'stamps', run: { ...run, stamp: now(state) } };
  return looksFirst ? look(world, state, run) : read(world, state, run);
}

function look({ scenario, protocol }: World, { inbox }: State, run: Run): Done {
  const own = newestLike(scenario, inbox, run.event);
  if (own === undefined)
    return { name: 'looks: own gone', run: toSettle(run, protocol.settlesOn.includes('gone')) };
  const below = inbox & ((1 << own) - 1);
  const settles = below > 0 && protocol.settlesOn.includes('older at first');
  const older = protocol.looksAgain ? 0 : below;
  const step = protocol.stamps === 'before the read' ? 'stamps' : 'reads';
  return { name: `looks: ${listing(inbox)}`, run: { ...run, step, own, older, settles } };
}

function newestLike({ contents }: Scenario, inbox: number, event: number): number | undefined {
  if (!contents) return inbox & (1 << event) ? event : undefined;
  const newest = contents.findLastIndex((content, i) => inbox & (1 << i) && content === contents[event]);
  return newest < 0 ? undefined : newest;
}

/** A reading of the clock, later than all before. */
function stamp({ protocol }: World, state: State, run: Run): Done {
  const step = protocol.stamps === 'before the read' ? 'reads' : 'stores';
  return { name: 'stamps', run: { ...run, step, stamp: now(state) } };
}

function read(world: World, state: State, run: Run): Done {
  const { protocol } = world;
  const own = pinned(world, state, run);
  if (own === undefined)
    return { name: 'reads: not current', run: toSettle(run, protocol.settlesOn.includes('not current')) };
  const step = protocol.stamps === 'after the read' ? 'stamps' : 'stores';
  return { name: `reads ${own + 1}`, run: { ...run, step, own } };
}

/** The version that the read answers with, if it is one that the run takes. */
function pinned({ scenario, protocol }: World, state: State, { event, own }: Run): number | undefined {
  const { contents } = scenario;
  const contentOf = (upload: number) => contents?.[upload] ?? upload;
  const current = currentUpload(state);
  if (own !== undefined && protocol.reads === 'version') return state.inbox & (1 << own) ? own : undefined;
  if (current === undefined || contentOf(current) !== contentOf(own ?? event)) return undefined;
  if (own !== undefined && protocol.reads === 'current' && current !== own) return undefined;
  return own ?? current;
}
