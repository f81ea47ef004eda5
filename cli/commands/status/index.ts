import { Command } from '@commander-js/extra-typings';
import { secondsIn } from '../../session/deployment';
import { createPace, realClock } from '../../session/pace';
import { run, type Work } from '../../session/run';
import { Failure } from '../../terminal/failure';
import { keysOf } from './one-key';
import { type Looking, overview } from './overview';
import { type Screen, show } from './screen';

const HELP = `
Of each kind it counts the versions and shows the oldest: why it is not sealed, and when that changes by itself. Of dead letters
the first is seen, as taking more would hide them from others. Of a key it shows every version; the decrypt function reads
the headers. It changes nothing.

Examples:
  oss-envelope status
  oss-envelope status 2026/report.pdf
  oss-envelope status --watch`;

export function statusCommand() {
  return new Command('status')
    .description('what waits in the inbox and why, and what lies in vault, queue and downloads')
    .argument('[keys...]', 'keys, or oss://bucket/key of inbox or vault')
    .option('--deep', 'all of inbox and vault, not their first 10,000 versions')
    .option('--watch', 'again every three seconds, until Ctrl-C')
    .addHelpText('after', HELP)
    .action((keys, options, command) => run(command, (work) => status(work, keys, options)));
}

type Options = { deep?: true | undefined; watch?: true | undefined };

/** Looks a second. */
const RATE = 1 / 3;

async function status(work: Work, keys: string[], { deep, watch }: Options): Promise<void> {
  const { output, interrupted } = work;
  const looking = await lookingOf(work, deep === true);
  const look = async () => {
    const screens = await (keys.length > 0 ? keysOf(looking, keys) : overview(looking));
    // What Ctrl-C broke off is no finding.
    interrupted.throwIfAborted();
    return screens;
  };
  if (!watch) return conclude(work, await look(), keys.length);
  const pace = createPace(RATE, realClock(interrupted));
  try {
    for (;;) {
      await pace();
      const screens = await look();
      output.clear();
      show(output, screens);
      output.item(wholeOf(screens));
    }
  } catch (error) {
    // That is how it ends.
    if (!interrupted.aborted) throw error;
  }
}

async function lookingOf({ session: open }: Work, isDeep: boolean): Promise<Looking> {
  const session = await open();
  const { deployment } = session;
  return {
    session,
    isDeep,
    times: {
      grace: secondsIn(deployment, 'GRACE_SECONDS', 900),
      withdrawn: secondsIn(deployment, 'WITHDRAWN_SECONDS', 604_800),
      quiet: secondsIn(deployment, 'APPENDABLE_QUIET_SECONDS', undefined),
    },
    downloadSeconds: secondsIn(deployment, 'DOWNLOAD_SECONDS', 3900),
  };
}

function wholeOf(screens: Screen[]) {
  const of = (name: 'items' | 'failures') => screens.flatMap((screen): object[] => screen[name]).length;
  return { items: of('items'), untold: of('failures') };
}

function conclude({ output }: Work, screens: Screen[], keys: number): void {
  show(output, screens);
  output.item(wholeOf(screens));
  const failures = screens.flatMap(({ failures }) => failures);
  const [first] = failures;
  if (!first) return;
  if (keys === 1 && failures.length === 1) throw first;
  throw new Failure('in-part', `Cannot tell all of it: ${failures.length} could not be seen`, {
    todo: first.todo,
  });
}
