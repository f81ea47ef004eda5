import { Command } from '@commander-js/extra-typings';
import { dropCommand } from './drop';
import { listCommand } from './list';
import { replayCommand } from './replay';
import { showCommand } from './show';

const HELP = `
A letter is looked at by receiving it: for up to 60 seconds it is hidden from others, and given back at the end. Two
who look at once see each a part. Letters are kept for seven days.

Example:
  oss-envelope dead-letters list
  oss-envelope dead-letters replay --code kms-refused`;

export function deadLettersCommand() {
  return new Command('dead-letters')
    .description('what could not be sealed: look at it, have it tried again, drop it')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(replayCommand())
    .addCommand(dropCommand())
    .addHelpText('after', HELP);
}
