#!/usr/bin/env node
import { Command, CommanderError } from '@commander-js/extra-typings';
import { version } from '../package.json';
import { commands } from './commands';
import { addSharedOptions } from './session/options';
import { EXIT } from './terminal/failure';

const EXITS = `
Exit codes:
  0    done
  1    failed; what was left as it was stands on standard error
  2    used or configured wrongly
  3    done in part: what failed, or is in doubt, is named
  4    not opened: the input is not what it should be, and nothing of it was released
  5    not allowed: credentials, a permission, the state of a key
  6    a service did not answer as it should: try again later
  130  interrupted
  141  the reader of the pipe has ended`;

/** The operator's command line. */
async function main(): Promise<void> {
  const program = new Command('oss-envelope')
    .description('Seals and opens envelopes, and looks after a deployment of oss-envelope.')
    .version(version)
    .showSuggestionAfterError()
    .addHelpText('after', EXITS)
    .exitOverride();
  addSharedOptions(program);
  for (const command of commands()) program.addCommand(command.copyInheritedSettings(program));
  await program.parseAsync();
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    if (!(error instanceof CommanderError)) throw error;
    process.exit(error.exitCode === 0 ? EXIT.done : EXIT.usage);
  },
);
