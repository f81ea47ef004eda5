import {
  type Done,
  type Envelope,
  isPlanted,
  type Protocol,
  REWRAP,
  type Run,
  type Scenario,
  type State,
  type World,
  waiting,
  YEAR_9999,
} from './model';
import { afterLooks } from './second-look';

/** The envelope is on top; a store of other bytes is told by its checksum, and is a failure. */
export function store({ scenario, protocol }: World, state: State, run: Run, whole: boolean): Done {
  const own = run.own as number;
  const name = whole ? 'stores' : 'stores other bytes';
  const vault = withOnTop({ scenario, protocol }, state, { upload: own, stamp: run.stamp, whole });
  if (!whole && protocol.comparesChecksums) return { name, run: waiting(run), state: vault };
  const step = protocol.looksAgain ? 'looks again' : afterLooks(protocol, run);
  return { name, run: { ...run, step, stamp: 0 }, state: vault };
}

export function withOnTop({ scenario, protocol }: World, state: State, envelope: Envelope): State {
  const { newest, sealed, sealedAt } = state;
  const { upload, stamp, whole } = envelope;
  const counts = protocol.believes === 'everything' || upload !== YEAR_9999;
  const isNewest = counts && (!newest || order(scenario, protocol, envelope, newest) >= 0);
  return {
    ...state,
    current: envelope,
    newest: isNewest ? envelope : newest,
    sealed: whole ? Math.max(sealed, upload) : sealed,
    sealedAt: whole && scenario.plants ? Math.max(sealedAt, stamp) : sealedAt,
    runs: scenario.rewrap ? state.runs.map(joined) : state.runs,
  };
}

/** One that puts an envelope there anew will see what others have put since it looked. */
function joined(run: Run): Run {
  return run.step === 'puts' || run.step === 'looks back' ? { ...run, settles: true } : run;
}

/** By Last-Modified, which has whole seconds, then by the stamp; or by one of them. */
function order({ seconds }: Scenario, { orders }: Protocol, a: Envelope, b: Envelope): number {
  const bySecond = (seconds[a.upload] as number) - (seconds[b.upload] as number);
  if (orders === 'second') return bySecond;
  return (orders === 'stamp' ? 0 : bySecond) || moment(a) - moment(b);
}

/** As it says. */
function moment({ upload, stamp }: Envelope): number {
  return upload === YEAR_9999 ? 9999 : stamp;
}

export function settle({ scenario, protocol }: World, { current, newest }: State, run: Run): Done {
  const isOnTop = !current || !newest || order(scenario, protocol, current, newest) === 0;
  if (isOnTop)
    return { name: 'settles: nothing to do', run: { ...run, step: afterSettling(run), settles: false } };
  return { name: `settles: ${nameOf(newest)} is newest`, run: { ...run, step: 'copies', newest } };
}

export function copyOnTop({ scenario, protocol }: World, state: State, run: Run): Done {
  const envelope = run.newest as Envelope;
  const step = protocol.settlesUntilItIs ? 'settles' : afterSettling(run);
  return {
    name: `copies ${nameOf(envelope)} on top`,
    run: { ...run, step, newest: undefined },
    state: withOnTop({ scenario, protocol }, state, envelope),
  };
}

function nameOf(envelope: Envelope): string {
  return isPlanted(envelope) ? 'the planted one' : String(envelope.upload + 1);
}

function afterSettling({ event, own }: Run): Run['step'] {
  if (event === REWRAP) return 'finds';
  return own === undefined ? 'ended' : 'removes own';
}
