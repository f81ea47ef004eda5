import { logFault } from '../log';

/**
 * Nothing but our lines leaves a function: warnings of Node go nowhere, and of an error that nobody caught, which ends the
 * process, one line tells the kind and the place. Node itself would print its message, with URLs and keys in it.
 */
process.removeAllListeners('warning');
process.prependListener('uncaughtException', end);
process.prependListener('unhandledRejection', end);

function end(error: unknown): void {
  logFault(error, {});
  process.exit(1);
}
