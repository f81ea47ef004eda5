import { Command } from '@commander-js/extra-typings';
import { prepare } from '../session/options';
import { backfillCommand } from './backfill';
import { cloudCommand } from './cloud';
import { deadLettersCommand } from './dead-letters';
import { doctorCommand } from './doctor';
import { getCommand } from './get';
import { importCommand } from './import';
import { initCommand } from './init';
import { inspectCommand } from './inspect';
import { kmsDecryptCommand } from './kms-decrypt';
import { kmsEncryptCommand } from './kms-encrypt';
import { lsCommand } from './ls';
import { openCommand } from './open';
import { putCommand } from './put';
import { reconcileCommand } from './reconcile';
import { rewrapCommand } from './rewrap';
import { sealCommand } from './seal';
import { statusCommand } from './status';
import { verifyCommand } from './verify';

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
  141  the reader of the pipe has ended

oss-envelope --version tells the version.`;

/** The operator's command line. It throws where it is misused, and leaves it to its caller to say so. */
export function commandLine(): Command {
  const program = new Command('oss-envelope')
    .description('Seals and opens envelopes, and looks after a deployment of oss-envelope.')
    .showSuggestionAfterError()
    .addHelpText('after', EXITS)
    .configureOutput({
      outputError: () => {},
      ...(process.argv.includes('--json') && { writeErr: () => {} }),
    })
    .addCommand(sealCommand())
    .addCommand(openCommand())
    .addCommand(verifyCommand())
    .addCommand(inspectCommand())
    .addCommand(kmsEncryptCommand())
    .addCommand(kmsDecryptCommand())
    .addCommand(rewrapCommand())
    .addCommand(doctorCommand())
    .addCommand(getCommand())
    .addCommand(putCommand())
    .addCommand(statusCommand())
    .addCommand(lsCommand())
    .addCommand(backfillCommand())
    .addCommand(deadLettersCommand())
    .addCommand(reconcileCommand())
    .addCommand(importCommand())
    .addCommand(initCommand())
    .addCommand(cloudCommand());
  prepare(program);
  return program;
}
