import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { asFailure } from '../terminal/failure';
import { STDOUT, showSource } from './deliver';

/**
 * The names in a list, one to a line, - for standard input; empty lines are none. Holds a piece of it in memory. Throws
 * `file-missing`, `file-unreadable`.
 */
export async function* namesIn(list: string, interrupted: AbortSignal): AsyncGenerator<string> {
  const input: Readable = list === STDOUT ? process.stdin : createReadStream(list);
  addAbortSignal(interrupted, input).setEncoding('utf8');
  let rest = '';
  try {
    for await (const piece of input) {
      const lines = `${rest}${piece}`.split(/\r?\n/);
      rest = lines.pop() ?? '';
      yield* lines.filter(Boolean);
    }
  } catch (error) {
    throw asFailure(error, { doing: `read ${showSource(list)}` });
  }
  if (rest) yield rest;
}
