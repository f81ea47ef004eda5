import {
  currentUpload,
  type Move,
  now,
  type Run,
  type State,
  SWEEP,
  type World,
  waiting,
  YEAR_9999,
} from './model';
import { nextCall } from './run';
import { store, withOnTop } from './vault';

/** Everything that can happen next, each as one instant. */
export function movesOf(world: World, state: State): Move[] {
  const moves = [...arrivals(world, state), ...removals(world, state), ...landing(world, state)];
  for (const [index, run] of state.runs.entries()) {
    if (index > 0 && isTwin(run, state.runs[index - 1] as Run)) continue;
    if (isDue(world, state, index)) moves.push(called(world, state, index));
    moves.push(...mishaps(world, state, index));
  }
  return moves;
}

/** Two runs that wait, or have ended, are alike: what follows from one follows from the other. */
function isTwin(a: Run, b: Run): boolean {
  return (
    a.event === b.event &&
    a.step === b.step &&
    (a.step === 'ended' || (a.step === 'waits' && a.stamp === b.stamp))
  );
}

function arrivals(world: World, state: State): Move[] {
  const { scenario } = world;
  const { uploads, inbox, withdrawn, plantLeft } = state;
  const moves: Move[] = [];
  if (uploads < scenario.seconds.length) {
    const next = { ...state, uploads: uploads + 1, inbox: inbox | (1 << uploads) };
    moves.push({ name: `upload ${uploads + 1}`, state: next });
  }
  if (scenario.withdraws && withdrawn === 0 && currentUpload(state) !== undefined) {
    moves.push({ name: 'the owner deletes the key', state: { ...state, withdrawn: uploads } });
  }
  if (scenario.plants && plantLeft) {
    const planted = { upload: scenario.plants, stamp: now(state), whole: false };
    const name = `somebody plants one ${scenario.plants === YEAR_9999 ? 'of the year 9999' : 'of that moment'}`;
    moves.push({ name, state: { ...withOnTop(world, state, planted), plantLeft: false } });
  }
  return moves;
}

/** By the sweep, of what its owner has deleted. */
function removals({ scenario, protocol }: World, state: State): Move[] {
  const { inbox, withdrawn, forgotten } = state;
  const hidden = inbox & ((1 << withdrawn) - 1);
  if (!scenario.forgets || hidden === 0) return [];
  const oldest = hidden & -hidden;
  const one = protocol.forgets === 'oldest first' ? oldest : 1 << (31 - Math.clz32(hidden));
  const next = { ...state, inbox: inbox & ~one, forgotten: forgotten | one };
  return [{ name: `the sweep removes ${32 - Math.clz32(one)}`, state: next }];
}

function landing(world: World, state: State): Move[] {
  if (!state.onItsWay) return [];
  const landed = { ...withOnTop(world, state, state.onItsWay), onItsWay: undefined };
  return [{ name: `${state.onItsWay.upload + 1} lands in the vault`, state: landed }];
}

/** An event comes after its upload, the sweep when nothing else is under way. */
function isDue({ scenario }: World, { uploads, onItsWay, runs }: State, index: number): boolean {
  const { event, step } = runs[index] as Run;
  if (step === 'ended') return false;
  if (event !== SWEEP) return event < uploads;
  const others = runs.filter((run) => run.event !== SWEEP);
  return uploads === scenario.seconds.length && !onItsWay && others.every((run) => run.step === 'ended');
}

function called(world: World, state: State, index: number): Move {
  const { name, state: next } = nextCall(world, state, index);
  return { name: `${state.runs[index]?.name} ${name}`, state: next };
}

function mishaps(world: World, state: State, index: number): Move[] {
  const run = state.runs[index] as Run;
  const moves: Move[] = [];
  if (run.step === 'waits') return moves;
  if (state.crashesLeft > 0 && run.event !== SWEEP) moves.push(crashed(state, run, index));
  if (run.step !== 'stores') return moves;
  if (state.lateLeft) moves.push(crashedWhileStoring(state, run, index));
  if (state.corruptLeft) moves.push(corrupted(world, state, index));
  return moves;
}

function crashed(state: State, { name, step }: Run, index: number): Move {
  const next = { ...again(state, index), crashesLeft: state.crashesLeft - 1 };
  return { name: `${name} ${step === 'ended' ? 'is delivered again' : 'crashes'}`, state: next };
}

function crashedWhileStoring(state: State, { name, own, stamp }: Run, index: number): Move {
  const onItsWay = { upload: own as number, stamp, whole: true };
  const next = { ...again(state, index), onItsWay, lateLeft: false };
  return { name: `${name} crashes, its store on its way`, state: next };
}

function corrupted(world: World, state: State, index: number): Move {
  const run = state.runs[index] as Run;
  const done = store(world, state, run, false);
  const runs = state.runs.with(index, done.run);
  const next = { ...(done.state ?? state), runs, corruptLeft: false };
  return { name: `${run.name} ${done.name}`, state: next };
}

function again(state: State, index: number): State {
  return { ...state, runs: state.runs.with(index, waiting(state.runs[index] as Run)) };
}
