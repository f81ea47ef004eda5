import { nextTime } from '../../../declared/cron';
import type { FunctionSpec, TimerTrigger } from '../../../declared/function-spec';

export type Timers = {
  /**
   * Fires what is due. A trigger whose time has passed several times since the last tick fires once, for the last of
   * them: that takes a clock that was moved, and the documentation knows of no scheduler that makes up for times it
   * missed.
   */
  tick(): Promise<void>;
};

export type TimersOptions = {
  now: () => number;
  enqueue(functionName: string, event: Buffer): Promise<unknown>;
};

type Timer = TimerTrigger & { functionName: string; dueAt: number };

/** The timer triggers of these functions, from now on (docs: "Time triggers"). */
export function createTimers(specs: FunctionSpec[], { now, enqueue }: TimersOptions): Timers {
  const timers: Timer[] = specs.flatMap(({ name: functionName, timerTriggers }) =>
    timerTriggers
      .filter(({ isEnabled }) => isEnabled)
      .map((trigger) => ({ ...trigger, functionName, dueAt: nextTime(trigger.cronExpression, now()) })),
  );

  async function tick(): Promise<void> {
    for (const timer of timers) {
      if (timer.dueAt > now()) continue;
      const triggerTime = lastDue(timer, now());
      timer.dueAt = nextTime(timer.cronExpression, triggerTime);
      await enqueue(timer.functionName, timerEvent(timer, triggerTime));
    }
  }

  return { tick };
}

function lastDue({ cronExpression, dueAt }: Timer, now: number): number {
  let last = dueAt;
  for (let next = nextTime(cronExpression, last); next <= now; next = nextTime(cronExpression, last))
    last = next;
  return last;
}

function timerEvent({ name: triggerName, payload }: Timer, time: number): Buffer {
  const triggerTime = `${new Date(time).toISOString().slice(0, 19)}Z`;
  return Buffer.from(JSON.stringify({ triggerTime, triggerName, payload }));
}
