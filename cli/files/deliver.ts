import type { Work } from '../session/run';
import { checkTarget, writeFile } from './output';
import { STDOUT, takesStream, textOnly, writeStream } from './stream-output';
import { whileRunning } from './while-running';

export { STDOUT };

/** Where content goes: a file, standard output or what else takes a stream. `output`: as it was named, if it was. */
export type Destination = { path: string; force?: boolean | undefined; output?: string | undefined };

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
  if (!takesStream(path)) await checkTarget(path, force);
}

/**
 * Content under its final name, or nothing; to a stream as it comes, to a terminal that nobody has named only text. `total`: its bytes, for the bar; undefined where
 * nobody knows. Ends with Ctrl-C. Returns the number of bytes.
 */
export async function deliver(
  { output, interrupted }: Pick<Work, 'output' | 'interrupted'>,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
  { path, force, output: named, label, total }: Destination & { label: string; total: number | undefined },
): Promise<number> {
  const bar = total === undefined ? undefined : output.progress(label, total);
  const watched = counted(whileRunning(interrupted, content), (bytes) => bar?.moved(bytes));
  const isUnasked = named === undefined && !force && path === STDOUT && process.stdout.isTTY;
  const bytes = takesStream(path)
    ? await writeStream(path, isUnasked ? textOnly(watched) : watched, interrupted)
    : await writeFile(path, watched, force, output.note);
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
