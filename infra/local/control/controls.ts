import { type Faults, type FaultsOptions, openFaults } from '../faults/faults';
import { type Clock, openClock, type Ticking } from '../gateway/clock';
import { composed, type Hooks } from '../gateway/hooks';
import { type Journal, openJournal } from '../gateway/journal';

/** What tests and operators do to a cloud, and see of it. */
export type Controls = { clock: Clock; faults: Faults; journal: Journal };

export type ControlsOptions = Omit<FaultsOptions, 'now'> & {
  real: () => number;
  services: () => Ticking[];
  /** The cloud's owner's; run before the faults. */
  hooks: Hooks;
};

/** Clock, faults and journal of one cloud, and the hooks that carry them. May be closed twice. */
export function openControls({ real, services, hooks, deliver, kill }: ControlsOptions) {
  const clock = openClock({ real, services: () => [...services(), faults] });
  const faults = openFaults({ now: clock.now, deliver, kill });
  const journal = openJournal({ now: clock.now });

  async function close(): Promise<void> {
    await clock.close();
    await faults.close();
  }

  const controls: Controls = { clock, faults, journal };
  return { ...controls, hooks: composed(hooks, faults.hooks, journal.hooks), close };
}
