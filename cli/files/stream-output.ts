import { constants, createWriteStream, fstatSync, openSync, type Stats, statSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import timers from 'node:timers/promises';
import { asFailure, Failure, interruption } from '../terminal/failure';
import { unwritable } from './output';

export const STDOUT = '-';

/** For an option: standard output by any of its names is `-`. */
export function readOutput(path: string): string {
  return path === '/dev/stdout' || descriptorIn(path) === 1 ? STDOUT : path;
}

/** Of /dev/fd/63, which is what a shell makes of `>(command)`. */
function descriptorIn(path: string): number | undefined {
  const [, number] = /^\/(?:dev|proc\/self)\/fd\/(\d{1,9})$/.exec(path) ?? [];
  return number === undefined ? undefined : Number(number);
}

/**
 * Whether what is there takes bytes as they come, and is not to be replaced: standard output, what is open already, a pipe, a
 * terminal or another character device. Throws `file-unwritable` for what is not open.
 */
export function takesStream(path: string): boolean {
  if (path === STDOUT) return true;
  const there = statSync(path, { throwIfNoEntry: false });
  if (descriptorIn(path) === undefined)
    return there !== undefined && (isPipe(there) || there.isCharacterDevice());
  if (there) return true;
  throw new Failure('file-unwritable', `Cannot write ${path}: it is not open`);
}

/**
 * Writes as fast as its reader reads; with Ctrl-C it stops waiting for that. Returns the number of bytes. Throws `pipe-broken`,
 * `disk-full`, `file-unwritable`.
 */
export async function writeStream(
  path: string,
  content: AsyncIterable<Buffer>,
  interrupted?: AbortSignal,
): Promise<number> {
  const doing = path === STDOUT ? 'write to standard output' : `write ${path}`;
  const stream =
    path === STDOUT ? process.stdout : await beginStream(path, interrupted).catch(unwritable(doing));
  // Each write hears of its own error; without a listener Node throws it once more.
  const heard = () => {};
  stream.on('error', heard);
  let bytes = 0;
  try {
    for await (const piece of content) {
      await untilWritten((done) => stream.write(piece, done), interrupted).catch(unwritable(doing));
      bytes += piece.length;
    }
    if (path !== STDOUT) await untilWritten((done) => stream.end(done), interrupted).catch(unwritable(doing));
    return bytes;
  } catch (error) {
    if (path !== STDOUT) stream.destroy();
    throw asFailure(error, { doing, left: 'nothing new but the beginning that went into the pipe' });
  } finally {
    if (path === STDOUT) stream.off('error', heard);
  }
}

async function beginStream(path: string, interrupted: AbortSignal | undefined): Promise<Writable> {
  const fd = descriptorIn(path) ?? (await awaitReader(path, interrupted));
  return isPipe(fstatSync(fd)) ? new Socket({ fd, readable: false }) : createWriteStream('', { fd });
}

const LOOK_MS = 50;

/** A pipe that nobody reads from yet is waited for here: the kernel would not hear of Ctrl-C. */
async function awaitReader(path: string, interrupted: AbortSignal | undefined): Promise<number> {
  const isWaiting = isPipe(statSync(path));
  for (;;) {
    try {
      return openSync(path, constants.O_WRONLY | (isWaiting ? constants.O_NONBLOCK : 0));
    } catch (error) {
      if (!isWaiting || (error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      if (interrupted?.aborted) throw interruption();
      await timers.setTimeout(LOOK_MS);
    }
  }
}

function isPipe(there: Stats): boolean {
  return there.isFIFO() || there.isSocket();
}

function untilWritten(
  write: (done: (error?: Error | null) => void) => void,
  interrupted: AbortSignal | undefined,
): Promise<void> {
  return new Promise((done, failed) => {
    const stop = () => failed(interruption());
    interrupted?.addEventListener('abort', stop, { once: true });
    write((error) => {
      interrupted?.removeEventListener('abort', stop);
      if (error) failed(error);
      else done();
    });
  });
}

/** What a terminal would take for orders. */
const ORDERS = /[^\P{Cc}\t\n\r]/u;

/** The same pieces as long as they are text. Throws `usage-wrong`. */
export async function* textOnly(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of content) {
    try {
      if (ORDERS.test(decoder.decode(piece, { stream: true }))) throw new TypeError('orders');
    } catch {
      throw new Failure('usage-wrong', 'Cannot write to the terminal: it is no text', {
        left: 'nothing new but the text before it',
        todo: 'say where to with -o FILE, or give it a pipe; -o - writes it all the same',
      });
    }
    yield piece;
  }
}
