import type { Schedule } from './act';
import { createLook } from './look';
import { removeAll } from './owner';
import { createRound, Violation } from './round';
import type { World } from './world';

/** `trace`: what went on, a line each. `violation`: undefined where everything held. */
export type Findings = { violation: string | undefined; trace: string[]; keys: string[] };

/** Plays schedules, each under keys of its own. */
export function createPlayer(world: World) {
  const look = createLook(world);
  let rounds = 0;

  return async ({ acts, seed }: Schedule): Promise<Findings> => {
    const round = createRound(world, look, `round-${++rounds}-seed-${seed}`);
    const { keys } = round;
    try {
      for (const act of acts) await round.perform(act);
      await round.finish();
      for (const key of keys) await removeAll(world, key);
      return { violation: undefined, trace: round.trace(), keys };
    } catch (error) {
      if (error instanceof Violation) return { violation: error.message, trace: round.trace(), keys };
      throw error;
    }
  };
}
