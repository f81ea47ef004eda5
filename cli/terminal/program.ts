import { EXIT, Failure } from './failure';
import { showFailure, wasShown } from './output';
import { unwritten, watchStandard } from './standard';

/**
 * Runs a program to its end: `main` returns its exit code, or throws what is told. What it has said has been written when the
 * process ends; where it cannot be, that is a failure, too.
 */
export function runProgram(main: () => Promise<number>, { isJson = false } = {}): void {
  watchStandard();
  main()
    .catch((error: Error) => {
      if (!(error instanceof Failure)) process.stderr.write(`${error.message}\n`);
      else showFailure(error, isJson);
      return error instanceof Failure ? error.exit : EXIT.failed;
    })
    .then(async (code) => {
      // After Ctrl-C nobody is waited for.
      const failure = code === EXIT.interrupted ? undefined : await unwritten();
      if (failure && !wasShown(failure)) showFailure(failure, isJson);
      process.exit(failure && code === EXIT.done ? failure.exit : code);
    });
}
