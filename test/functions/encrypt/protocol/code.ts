import { type Envelope, REWRAP, type Run, type State, type Step } from './model';

const STEPS: Step[] = [
  'waits',
  'stamps',
  'reads',
  'stores',
  'looks again',
  'removes older',
  'removes own',
  'settles',
  'copies',
  'finds',
  'checks',
  'puts',
  'looks back',
  'ended',
];
const STEP_NUMBERS = new Map(STEPS.map((step, number) => [step, number]));

/**
 * A name for a state, equal for all from which the same can follow: of the stamps only their order counts, and runs of
 * one event are alike.
 */
export function codeOf(state: State): string {
  const rank = ranks(state);
  const { uploads, inbox, withdrawn, forgotten, sealed, crashesLeft, lateLeft, corruptLeft, plantLeft } =
    state;
  const counts = (((uploads * 8 + inbox) * 4 + withdrawn) * 4 + sealed + 1) * 4 + crashesLeft;
  const flags = Number(lateLeft) + Number(corruptLeft) * 2 + Number(plantLeft) * 4;
  const units = [counts, (forgotten * 8 + flags) * 32 + rank(state.sealedAt)];
  for (const envelope of [state.current, state.newest, state.onItsWay])
    units.push(envelopeCode(envelope, rank));
  const runs = state.runs.map((run) => runCode(run, rank)).sort((a, b) => a - b);
  for (const run of runs) units.push(run >> 14, run & 0x3fff);
  return String.fromCharCode(...units);
}

type Rank = (stamp: number) => number;

/** How many of the stamps that may still be compared are smaller. */
function ranks({ current, newest, sealedAt, onItsWay, runs }: State): Rank {
  let used = 1 << sealedAt;
  for (const envelope of [current, newest, onItsWay]) if (envelope) used |= 1 << envelope.stamp;
  for (const run of runs) used |= (1 << run.stamp) | (run.newest ? 1 << run.newest.stamp : 0);
  return (stamp) => (stamp === 0 ? 0 : bits(used & ~1 & ((1 << stamp) - 1)) + 1);
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Below 256. */
function envelopeCode(envelope: Envelope | undefined, rank: Rank): number {
  if (!envelope) return 0;
  return (envelope.upload + 1) * 32 + rank(envelope.stamp) * 2 + Number(envelope.whole);
}

/** Below 2 to the power of 28. */
function runCode({ event, step, own, stamp, older, settles, newest }: Run, rank: Rank): number {
  const place = ((event - REWRAP) * 16 + (STEP_NUMBERS.get(step) ?? 0)) * 4 + (own ?? -1) + 1;
  const seen = (place * 8 + older) * 2 + Number(settles);
  return seen * 4096 + (newest ? 2048 + envelopeCode(newest, rank) : rank(stamp));
}
