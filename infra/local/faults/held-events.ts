import type { OssEvent } from '../oss/store/event';
import type { EventDeed } from './fault';

export type Deliver = (event: OssEvent) => void | Promise<void>;

export type HeldEvents = {
  /** Delivers an event, after it whatever waited for one to pass. */
  pass(event: OssEvent): Promise<void>;
  /** Delivers it as the deed says: never, twice, or later. What is held is in memory only. */
  treat(event: OssEvent, deed: EventDeed): Promise<void>;
  /** Delivers what is due at this time (ms); everything that is held where none is given. */
  release(time?: number): Promise<void>;
};

type Held = { event: OssEvent; until: number | 'next' };

/** Events that were held back on their way to `deliver`. */
export function createHeldEvents(deliver: Deliver): HeldEvents {
  let held: Held[] = [];

  async function letGo(isDue: (one: Held) => boolean): Promise<void> {
    const due = held.filter(isDue);
    held = held.filter((one) => !due.includes(one));
    for (const { event } of due) await deliver(event);
  }

  async function pass(event: OssEvent): Promise<void> {
    await deliver(event);
    await letGo(({ until }) => until === 'next');
  }

  async function treat(event: OssEvent, deed: EventDeed): Promise<void> {
    if ('drop' in deed) return;
    if ('delayUntil' in deed) return void held.push({ event, until: deed.delayUntil });
    if ('afterNextEvent' in deed) return void held.push({ event, until: 'next' });
    await deliver(event);
    await pass(event);
  }

  function release(time?: number): Promise<void> {
    return letGo(({ until }) => time === undefined || (until !== 'next' && until <= time));
  }

  return { pass, treat, release };
}
