import { createFaults, type Faults, type FaultsOptions } from '../faults/faults';
import { type Clock, createClock, type Ticking } from '../gateway/clock';
import { composed, type Hooks } from '../gateway/hooks';
import { createJournal, type Journal } from '../gateway/journal';

/** What tests and operators do to a cloud, and see of it. */
export type Controls = { clock: Clock; faults: Faults; journal: Journal };

export type ControlsOptions = Omit<FaultsOptions, 'now'> & {
  real: () => number;
  services: () => Ticking[];
  /** The cloud's owner's; run before the faults. */
  hooks: Hooks;
};

/** Clock, faults and journal of one cloud, and the hooks that carry them. May be closed twice. */
export function createControls({ real, services, hooks, deliver, kill }: ControlsOptions) {
  const clock = createClock({ real, services: () => [...services(), faults] });
  const faults = createFaults({ now: clock.now, deliver, kill });
  const journal = createJournal({ now: clock.now });

  async function close(): Promise<void> {
    await clock.close();
    await faults.close();
  }

  const controls: Controls = { clock, faults, journal };
  return { ...controls, hooks: composed(hooks, faults.hooks, journal.hooks), close };
}
