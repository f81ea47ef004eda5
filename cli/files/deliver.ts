import type { Work } from '../session/run';
import { checkTarget, writeFile, writeStdout } from './output';
import { whileRunning } from './while-running';

/** Where content goes: a file, or standard output. */
export type Destination = { path: string; force?: boolean | undefined };

export const STDOUT = '-';

/** What was asked for, for a person. */
export function showSource(file: string): string {
  return file === STDOUT ? 'standard input' : file;
}

/** Where it went, for a person. */
export function showDestination(path: string): string {
  return path === STDOUT ? 'to standard output' : `to ${path}`;
}

/** Before any work is done for it. Throws `file-exists`, `file-unwritable`. */
export async function checkDestination({ path, force }: Destination): Promise<void> {
  if (path !== STDOUT) await checkTarget(path, force);
}

/**
 * Content under its final name, or nothing; to standard output as it comes. `total`: its bytes, for the bar; undefined where
 * nobody knows. Ends with Ctrl-C. Returns the number of bytes.
 */
export async function deliver(
  { output, interrupted }: Pick<Work, 'output' | 'interrupted'>,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
  { path, force, label, total }: Destination & { label: string; total: number | undefined },
): Promise<number> {
  const bar = total === undefined ? undefined : output.progress(label, total);
  const watched = counted(whileRunning(interrupted, content), (bytes) => bar?.moved(bytes));
  const bytes =
    path === STDOUT ? await writeStdout(watched, interrupted) : await writeFile(path, watched, force);
  bar?.done();
  return bytes;
}

async function* counted(
  content: AsyncIterable<Buffer>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const piece of content) {
    yield piece;
    onBytes(piece.length);
  }
}
