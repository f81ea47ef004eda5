import { createReadStream } from 'node:fs';
import { utf8 } from '../../functions/characters';
import { asFailure, Failure } from '../terminal/failure';
import { STDOUT, showSource } from './deliver';
import { readStdin } from './stdin';

/** A name in a list. `wrong`: why it is none. */
export type Listed = { name: string; wrong?: Failure };

/**
 * The names in a list of UTF-8, with a byte order mark or without, one to a line, - for standard input; empty lines are none.
 * Holds a piece of it in memory. Throws `file-missing`, `file-unreadable`.
 */
export async function* namesIn(list: string, interrupted: AbortSignal): AsyncGenerator<Listed> {
  let number = 0;
  for await (const line of linesOf(bytesOf(list, interrupted))) {
    number++;
    const text = utf8(number === 1 ? withoutMark(line) : line);
    const name = (text ?? line.toString()).replace(/\r$/, '');
    if (text !== undefined && !text.includes('\0')) {
      if (name !== '') yield { name };
      continue;
    }
    const why = `Cannot read line ${number} of ${showSource(list)}: it is not UTF-8`;
    yield { name, wrong: new Failure('file-unreadable', why, { todo: 'write the list in UTF-8' }) };
  }
}

const MARK = Buffer.from('\ufeff');

function withoutMark(line: Buffer): Buffer {
  return line.subarray(0, MARK.length).equals(MARK) ? line.subarray(MARK.length) : line;
}

async function* bytesOf(list: string, interrupted: AbortSignal): AsyncGenerator<Buffer> {
  if (list === STDOUT) return yield* readStdin(interrupted);
  try {
    yield* createReadStream(list, { signal: interrupted });
  } catch (error) {
    throw asFailure(error, { doing: `read ${list}` });
  }
}

async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    rest = Buffer.concat([rest, piece]);
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      yield rest.subarray(0, end);
      rest = rest.subarray(end + 1);
    }
  }
  if (rest.length > 0) yield rest;
}
