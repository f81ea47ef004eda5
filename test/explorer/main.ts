import { parseArgs } from 'node:util';
import { parseArguments } from '../../infra/run/arguments';
import { createPlayer } from './player';
import { scheduleOf } from './schedule';
import { showViolation } from './show';
import { startWorld } from './world';

const USAGE = `Usage: npm run explore -- [--seconds N] [--seed S] [--rounds N]
  --seconds N  explores for so long, the schedules of the seeds S, S + 1 and so on; default 60
  --rounds N   plays the schedule of seed S alone, N times
  --seed S     default: any`;

type Arguments = { seconds: number; rounds: number | undefined; seed: number };

/** Plays random schedules until one shows a violation, or the time is over. */
async function main(): Promise<number> {
  const { seconds, rounds, seed } = readArguments();
  const world = await startWorld();
  const play = createPlayer(world);
  const end = performance.now() + seconds * 1000;
  let played = 0;
  try {
    for (; rounds === undefined ? performance.now() < end : played < rounds; played++) {
      const schedule = scheduleOf(rounds === undefined ? seed + played : seed);
      const since = world.cloud.journal.entries().at(-1)?.n ?? 0;
      const findings = await play(schedule);
      if (findings.violation === undefined) continue;
      showViolation(schedule, findings, world.cloud.journal.entries(since));
      return 1;
    }
    console.log(`${played} rounds from seed ${seed}: no violation.`);
    return 0;
  } finally {
    await world.close();
  }
}

function readArguments(): Arguments {
  const text = { type: 'string' } as const;
  return parseArguments(() => {
    const { values } = parseArgs({ options: { seconds: text, rounds: text, seed: text } });
    const { seconds = '60', rounds, seed = String(Math.floor(Math.random() * 1e9)) } = values;
    return {
      seconds: whole('seconds', seconds),
      rounds: rounds === undefined ? undefined : whole('rounds', rounds),
      seed: whole('seed', seed),
    };
  }, USAGE);
}

function whole(name: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new Error(`Cannot read --${name}: ${text} is no whole number`);
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
