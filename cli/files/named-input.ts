import { STDOUT } from './deliver';
import { fileInput, type Input } from './input';
import { spool } from './spool';
import { readStdin, STDIN } from './stdin';

/** A file, or with - standard input, kept aside. The caller closes it. Throws as `fileInput` and `spool`. */
export function namedInput(file: string, interrupted: AbortSignal): Promise<Input> {
  return file === STDOUT ? spool(readStdin(interrupted), STDIN) : fileInput(file);
}
