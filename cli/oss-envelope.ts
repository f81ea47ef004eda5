#!/usr/bin/env node
import { CommanderError } from '@commander-js/extra-typings';
import { version } from '../package.json';
import { commandLine } from './commands';
import { EXIT, Failure } from './terminal/failure';
import { runProgram } from './terminal/program';

const argv = process.argv.slice(2);
const options = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length);

async function main(): Promise<number> {
  // Anywhere else it may be an option of a command.
  if (argv.length === 1 && /^(-V|--version)$/.test(argv[0] ?? '')) {
    process.stdout.write(`${version}\n`);
    return EXIT.done;
  }
  await commandLine()
    .parseAsync()
    .catch((error: unknown) => {
      if (!(error instanceof CommanderError)) throw error;
      if (error.exitCode !== 0) throw misused(error);
    });
  return Number(process.exitCode ?? EXIT.done);
}

function misused({ code, message, todo }: CommanderError & { todo?: string }): Failure {
  const why = message.replace(/^error: /, '').replaceAll('\n', ' ');
  return new Failure(
    'usage-wrong',
    `Cannot understand the command line: ${code === 'commander.help' ? 'give a command that help has' : why}`,
    { todo },
  );
}

runProgram(main, { isJson: options.includes('--json') });
