import { showFailure } from './output';
import { failureOf } from './standard';

/**
 * Resolves with the exit code for Ctrl-C, or for an output that cannot be written. It is heard from the start, also where it
 * is acted on later only; a second Ctrl-C ends the process at once.
 */
export function interrupted(): Promise<number> {
  return new Promise((done) => {
    const stop = () => {
      // What is under way fails now, and would say so, connection by connection.
      process.stdout.write = process.stderr.write = () => true;
      done(130);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
    process.stdout.once('error', () => {
      const failure = failureOf(process.stdout);
      if (!failure) return;
      showFailure(failure, false);
      done(failure.exit);
    });
  });
}
