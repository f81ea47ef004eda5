import { type Done, type Envelope, isPlanted, type Run, type State, type World } from './model';
import { withOnTop } from './vault';

/** The current envelope, whichever it is, but one that KMS does not unwrap; no other is put there anew. */
export function find(_: World, { current }: State, run: Run): Done {
  if (!current || isPlanted(current)) return { name: 'finds nothing', run: { ...run, step: 'ended' } };
  return { name: `finds ${current.upload + 1}`, run: { ...run, step: 'checks', newest: current } };
}

/** What was found is not current any more: it settles, and finds another. */
export function check({ protocol }: World, { current }: State, run: Run): Done {
  const isStill = current?.stamp === run.newest?.stamp && current?.upload === run.newest?.upload;
  if (isStill || !protocol.rewrapChecks)
    return { name: 'looks: current', run: { ...run, step: 'puts', settles: false } };
  return { name: 'looks: not current', run: { ...run, step: 'settles', newest: undefined } };
}

export function putAnew(world: World, state: State, run: Run): Done {
  const envelope = run.newest as Envelope;
  const name = `puts ${envelope.upload + 1} there anew`;
  // Its own version is not one that others have put.
  return {
    name,
    run: { ...run, step: 'looks back', newest: undefined },
    state: withOnTop(world, state, envelope),
  };
}

export function lookBack({ protocol }: World, _: State, run: Run): Done {
  const settles = run.settles && protocol.rewrapLooksBack;
  const name = `looks back: ${run.settles ? 'others were here' : 'alone'}`;
  return { name, run: { ...run, step: settles ? 'settles' : 'ended', settles: false } };
}
