import { Command, Option } from '@commander-js/extra-typings';
import { deadLetterQueue } from '../../cloud/queue';
import { encryptTasksOf } from '../../cloud/tasks';
import { type Location, readLocation, showLocation } from '../../files/location';
import { createPace, realClock } from '../../session/pace';
import { run, type Work } from '../../session/run';
import type { Session } from '../../session/session';
import { asFailure } from '../../terminal/failure';
import { wholeNumber } from '../../terminal/whole-number';
import { checkInbox, clockOf } from './check-inbox';
import { type HandOverTools, handOver, type Seen } from './hand-over';
import { resumeJournal, stateFile } from './journal';
import { readDuration, readRate } from './pace';
import { report, reportDryRun } from './report';
import { lettersIn, settlement } from './settlement';
import { createTally, type Tally } from './tally';

const HELP = `
It lists the current versions under the prefix and hands each to the encrypt function as OSS would have. What is handed
over twice changes nothing. The rate leaves room for uploads of today: at a second each, 20 a second keep 20 instances
busy of the 100 (300 in large regions) that an account has in a region.

Example:
  oss-envelope backfill oss://oss-envelope-inbox/2024/ --dry-run`;

const rate = new Option('--rate <n>', 'hand over so many a second, or a minute: 20/s, 90/m')
  .argParser(readRate)
  .default(20, '20/s');
const timeout = new Option('--timeout <time>', 'wait so long at the end until all is sealed: 90, 15m, 2h')
  .argParser(readDuration)
  .default(900_000, '15m');

export function backfillCommand() {
  return new Command('backfill')
    .description(
      'seals what was in the inbox before its trigger existed; broken off, it goes on where it was',
    )
    .argument('<prefix>', 'oss://inbox/prefix')
    .addOption(rate)
    .option('--parallel <n>', 'calls of Function Compute under way at once', wholeNumber(1, 64), 4)
    .option(
      '--state <file>',
      'what has been done; else backfill-….jsonl in XDG_STATE_HOME/oss-envelope or ~/.local/state/oss-envelope',
    )
    .option('--archived', 'hand over what lies in an archive, too: it has been restored')
    .option('--dry-run', 'only list and count')
    .addOption(timeout)
    .addHelpText('after', HELP)
    .action((prefix, options, command) =>
      run(command, (work) => backfill(work, readLocation(prefix), options)),
    );
}

type Options = {
  rate: number;
  parallel: number;
  state?: string | undefined;
  archived?: true | undefined;
  dryRun?: true | undefined;
  timeout: number;
};

async function backfill(
  { output, session: open, shared }: Work,
  place: Location,
  options: Options,
): Promise<void> {
  const session = await open();
  await checkInbox(session, place);
  const tally = createTally(output);
  const tools = toolsOf(session, { place, options, tally });
  try {
    if (!options.dryRun) {
      const data = shared.local && shared.data;
      return await backfillAll({ output, options, tally, tools, data });
    }
    const seen = await handOver({ ...tools, journal: undefined });
    tally.end();
    reportDryRun(output, session, seen, options.rate);
  } finally {
    tally.end();
  }
}

type Tools = Omit<HandOverTools, 'journal'>;

function toolsOf(
  session: Session,
  { place, options, tally }: { place: Location; options: Options; tally: Tally },
): Tools {
  const { ENVELOPE_APPENDABLE_QUIET_SECONDS: quiet } = session.deployment.variables;
  return {
    session,
    place,
    tasks: encryptTasksOf(session),
    pace: createPace(options.rate, realClock(session.interrupted)),
    parallel: options.parallel,
    accepting: { appendable: quiet !== undefined, archived: options.archived === true },
    onStep: () => tally.step(),
  };
}

/** `data`: of the local cloud. */
type Backfill = Pick<Work, 'output'> & {
  options: Options;
  tally: Tally;
  tools: Tools;
  data: string | undefined;
};

async function backfillAll({ output, options, tally, tools, data }: Backfill): Promise<void> {
  const { session, place } = tools;
  const queue = deadLetterQueue(session);
  const { region, deployment } = session;
  const account = await session.accountId();
  const what = { place: showLocation(place), account, region, deployment: deployment.name };
  const { file, isOld } = options.state
    ? { file: options.state, isOld: false }
    : await stateFile(place, what, data);
  if (isOld) output.note(`${file} of this folder, where earlier versions kept it, is gone on with`);
  const journal = await resumeJournal(file, what, async () => ({
    startedAt: (await clockOf(session, place)).toISOString(),
    letters: await lettersIn(queue),
  }));
  try {
    const seen = await handOver({ ...tools, journal });
    output.item({ handedOver: seen });
    output.say(handedOverLine(seen));
    const settling = { session, place, journal, queue, timeout: options.timeout, onWaiting: tally.waiting };
    await settlement(settling);
    tally.end();
    await report(output, settling);
  } catch (error) {
    throw asFailure(error, {
      left: `${journal.file} knows what was handed over: the same command goes on there`,
    });
  } finally {
    await journal.close();
  }
}

function handedOverLine({ invoked, known, unversioned, withdrawn }: Seen): string {
  return [
    `handed over ${invoked}`,
    known > 0 && `${known} of them before, says Function Compute`,
    unversioned > 0 && `${unversioned} of them from before the inbox had versions`,
    withdrawn > 0 && `not ${withdrawn} that their owners have hidden`,
  ]
    .filter(Boolean)
    .join(', ');
}
