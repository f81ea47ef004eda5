import { type Done, type Protocol, type Run, type State, type World, waiting } from './model';

export function lookAgain({ protocol }: World, { inbox }: State, run: Run): Done {
  const own = run.own as number;
  const { settlesOn } = protocol;
  if (!(inbox & (1 << own)))
    return { name: 'looks again: own gone', run: toSettle(run, settlesOn.includes('overtaken')) };
  const older = inbox & ((1 << own) - 1);
  const isContended =
    (older > 0 && settlesOn.includes('older again')) ||
    (inbox >> (own + 1) > 0 && settlesOn.includes('newer again'));
  const settles = run.settles || isContended;
  return {
    name: `looks again: ${listing(inbox)}`,
    run: { ...run, step: afterLooks(protocol, { older, settles }), older, settles },
  };
}

/** Older versions go first, then the vault is settled, then the own version goes. */
export function afterLooks(
  { removesOlder }: Protocol,
  { older, settles }: Pick<Run, 'older' | 'settles'>,
): Run['step'] {
  if (older > 0 && removesOlder === 'before own') return 'removes older';
  return settles ? 'settles' : 'removes own';
}

/** One version, the newest of them. */
export function removeOlder(_: World, state: State, run: Run): Done {
  const { older, settles, own } = run;
  const version = 31 - Math.clz32(older);
  const left = older & ~(1 << version);
  const next = own === undefined ? 'ended' : settles ? 'settles' : 'removes own';
  const step = left > 0 ? 'removes older' : next;
  return {
    name: `removes ${version + 1}`,
    run: { ...run, step, older: left },
    state: removed(state, version),
  };
}

export function removeOwn({ protocol }: World, state: State, run: Run): Done {
  const own = run.own as number;
  const older = protocol.removesOlder === 'after own' ? run.older : 0;
  const step = older > 0 ? 'removes older' : 'ended';
  const ended = { ...run, step, own: undefined, older, settles: false } as const;
  return { name: `removes ${own + 1}`, run: ended, state: removed(state, own) };
}

function removed(state: State, version: number): State {
  return { ...state, inbox: state.inbox & ~(1 << version) };
}

/** The run has nothing to seal or to remove any more. */
export function toSettle(run: Run, settles: boolean): Run {
  return { ...waiting(run), step: settles ? 'settles' : 'ended' };
}

/** Versions in the inbox, the oldest first. */
export function listing(inbox: number): string {
  const versions = Array.from({ length: 8 }, (_, i) => i + 1).filter(
    (version) => inbox & (1 << (version - 1)),
  );
  return versions.join(', ');
}
