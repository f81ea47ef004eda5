import { setMaxListeners } from 'node:events';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { hangUp } from '../../functions/cloud/oss-client';
import { checkArguments } from '../terminal/argv';
import { asFailure, EXIT, Failure, interruption } from '../terminal/failure';
import { createOutput, type Output, showFailure } from '../terminal/output';
import { helpOn, optionsOf, type SharedOptions } from './options';
import { createSession, type Session } from './session';
import { readVariables } from './variables';

/** What a command works with. */
export type Work = {
  shared: SharedOptions;
  output: Output;
  /** Opened when it is first asked for: some commands need no cloud. */
  session(): Promise<Session>;
  /** Ctrl-C, the end of the terminal, SIGTERM. */
  interrupted: AbortSignal;
};

export type RunOptions = {
  /** Standard output is taken by content. */
  isTaken?: boolean;
};

/**
 * Runs a command to its end: its failure is told on standard error, its exit set. Ctrl-C breaks off all calls, so that
 * what is half done is taken back on the way out; a second one ends the process at once.
 */
export async function run(
  command: CommandUnknownOpts,
  work: (work: Work) => Promise<void>,
  { isTaken = false }: RunOptions = {},
): Promise<void> {
  const shared = understood(command);
  // What was named is looked at, whether or not the command comes to need it.
  if (shared.env !== undefined) readVariables(shared.env);
  const controller = new AbortController();
  const { signal: interrupted } = controller;
  // Every call that is under way listens to it.
  setMaxListeners(0, interrupted);
  const stop = () => {
    controller.abort();
    hangUp();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, stop);
  const output = createOutput({ ...shared, isTaken });
  // Standard error is the command's: warnings of Node go nowhere, and what nobody caught is told as any failure is.
  process.removeAllListeners('warning');
  process.on('uncaughtException', (error) => {
    showFailure(asFailure(error), output.isJson);
    process.exit(EXIT.failed);
  });
  let opened: Promise<Session> | undefined;
  const session = () => {
    opened ??= createSession(shared, interrupted);
    return opened;
  };
  try {
    checkArguments();
    await work({ shared, output, session, interrupted });
    process.exitCode = EXIT.done;
  } catch (error) {
    const failure = interrupted.aborted
      ? interruption(asFailure(error).left)
      : pointing(asFailure(error), command);
    showFailure(failure, output.isJson);
    process.exitCode = failure.exit;
  }
}

function understood(command: CommandUnknownOpts): SharedOptions {
  try {
    return optionsOf(command);
  } catch (error) {
    throw pointing(asFailure(error), command);
  }
}

/** Whoever misuses a command sees its own help, where the failure says nothing better. */
function pointing(failure: Failure, command: CommandUnknownOpts): Failure {
  const { code, message, left, todo, detail } = failure;
  if (todo !== new Failure('usage-wrong', '').todo) return failure;
  return new Failure(code, message, { left, detail, todo: helpOn(command) });
}
