/** A service that has something to do when time passes. */
export type Ticking = { tick?: () => Promise<void> };

export type Clock = {
  /** Milliseconds since 1970: real time and what the clock was moved by. */
  now(): number;
  /** Milliseconds, negative ones back. Resolves when everything that is due by then is done. */
  advance(ms: number): Promise<void>;
  /** The same, to a time (ms). */
  set(time: number): Promise<void>;
  /**
   * What this clock showed at a time (ms) that a client read on its own clock, which nobody moves, and wrote down
   * with this resolution (ms, default 1000); in the second of a move the reading nearer to now.
   */
  seenFrom(clientTime: number, resolution?: number): number;
  /** Has everything done that is due. */
  tick(): Promise<void>;
  close(): Promise<void>;
};

export type ClockOptions = {
  /** Real time, milliseconds since 1970. */
  real: () => number;
  /** Whoever is there when time passes. */
  services: () => Ticking[];
};

/** A clock that can be moved, and moves the services along: at every move, and once a second of real time. */
export function createClock({ real, services }: ClockOptions): Clock {
  const moves = [{ at: Number.NEGATIVE_INFINITY, offset: 0 }];
  let lastTick = Promise.resolve();
  let waiting = 0;
  const everySecond = setInterval(() => waiting === 0 && void tick(), 1000).unref();

  const offsetAt = (time: number) => moves.findLast(({ at }) => at <= time)?.offset ?? 0;
  const now = () => real() + offsetAt(Number.POSITIVE_INFINITY);

  function advance(ms: number): Promise<void> {
    moves.push({ at: real(), offset: offsetAt(Number.POSITIVE_INFINITY) + ms });
    return tick();
  }

  // A client may also follow this clock: of the two readings the one nearer to now is meant.
  function seenFrom(clientTime: number, resolution = 1000): number {
    const offsets = [0, offsetAt(clientTime), offsetAt(clientTime + resolution)];
    const distance = (offset: number) => Math.abs(clientTime + offset - now());
    return clientTime + offsets.reduce((best, one) => (distance(one) < distance(best) ? one : best));
  }

  function tick(): Promise<void> {
    waiting++;
    lastTick = lastTick.then(() => tickAll(services())).finally(() => waiting--);
    return lastTick;
  }

  async function close(): Promise<void> {
    clearInterval(everySecond);
    await lastTick;
  }

  return { now, advance, set: (time) => advance(time - now()), seenFrom, tick, close };
}

async function tickAll(services: Ticking[]): Promise<void> {
  for (const service of services) {
    await service.tick?.().catch((error: unknown) => console.error('Cannot do what is due:', error));
  }
}
