import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asFailure } from '../terminal/failure';

export type OutputFile = {
  /** Replaces a file that is there. */
  force?: boolean | undefined;
  /** Hears of bytes as they are written. */
  onBytes?: (bytes: number) => void;
};

/**
 * Writes all of `content` under the final name, or nothing: until the last byte has come it is `.<name>.<random>.partial`
 * beside it. Returns the number of bytes. Throws `file-exists`, `file-unwritable`, `disk-full`, and what `content` throws.
 */
export async function writeFile(
  path: string,
  content: AsyncIterable<Buffer>,
  { force = false, onBytes = () => {} }: OutputFile = {},
): Promise<number> {
  const partial = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.partial`);
  const failed = (error: unknown) =>
    asFailure(error, { doing: `write ${path}`, left: `nothing is under ${path} that was not there before` });
  const file = await open(partial, 'wx', 0o600).catch((error) => {
    throw failed(error);
  });
  try {
    const bytes = await pour(file, content, onBytes).finally(() => file.close());
    await (force ? rename(partial, path) : link(partial, path));
    return bytes;
  } catch (error) {
    throw failed(error);
  } finally {
    await rm(partial, { force: true });
  }
}

async function pour(
  file: FileHandle,
  content: AsyncIterable<Buffer>,
  onBytes: (bytes: number) => void,
): Promise<number> {
  let bytes = 0;
  for await (const piece of content) {
    for (let at = 0; at < piece.length; ) at += (await file.write(piece, at)).bytesWritten;
    bytes += piece.length;
    onBytes(piece.length);
  }
  await file.sync();
  return bytes;
}

/** Writes to standard output as fast as its reader reads. Throws `pipe-broken`. */
export async function writeStdout(content: AsyncIterable<Buffer>): Promise<number> {
  let [bytes, failure]: [number, unknown] = [0, undefined];
  const { stdout } = process;
  const failed = (error: Error) => {
    failure = error;
    stdout.emit('drain');
  };
  stdout.on('error', failed);
  try {
    for await (const piece of content) {
      if (!failure && !stdout.write(piece)) await once(stdout, 'drain');
      if (failure) throw asFailure(failure, { doing: 'write to standard output' });
      bytes += piece.length;
    }
    return bytes;
  } finally {
    stdout.off('error', failed);
  }
}
