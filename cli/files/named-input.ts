import { STDOUT } from './deliver';
import { type Input, openFile } from './input';
import { spool } from './spool';
import { readStdin, STDIN } from './stdin';

/** A file, or with - standard input, kept aside. The caller closes it. Throws as `openFile` and `spool`. */
export function openNamed(file: string, interrupted: AbortSignal): Promise<Input> {
  return file === STDOUT ? spool(readStdin(interrupted), STDIN) : openFile(file);
}
