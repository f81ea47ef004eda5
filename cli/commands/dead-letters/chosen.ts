import type { Fault } from '../../../functions/fault';
import { Failure } from '../../terminal/failure';
import type { Output } from '../../terminal/output';
import { shown } from '../../terminal/shown';

/** What was done to the letters that were chosen, and to which it was not. */
export type Tally = { done: number; failed: number };

/** Letters that were asked for and not found. */
export function missing(ids: string[], isComplete: boolean): Failure {
  const why = isComplete
    ? 'no such letter is there to be received'
    : 'the queue is longer than can be walked through in a minute';
  return new Failure('in-part', `Cannot find ${ids.map(shown).join(', ')}: ${why}`, {
    left: 'every other letter is in the queue as before',
    todo: isComplete
      ? 'see oss-envelope dead-letters list; a letter that somebody looks at comes back within a minute'
      : 'replay or drop those at its front first',
  });
}

/** Tells of a letter that was left where it is. */
export function failedItem(
  output: Output,
  id: string,
  { code, message }: Pick<Fault, 'code' | 'message'>,
): void {
  output.item({ id, error: { code, message } });
  output.say(`${output.styled('red', 'left')}     ${id}  ${message} (${code})`);
}

/** The end: throws `in-part` where anything that was asked for was not done. */
export function conclude(
  output: Output,
  verb: string,
  { done, failed, notFound, isComplete }: Tally & { notFound: string[]; isComplete: boolean },
): void {
  output.item({ [verb]: done, failed, notFound, isComplete });
  output.say(`${verb} ${letters(done)}${failed > 0 ? `, left ${failed}` : ''}`);
  if (notFound.length > 0) throw missing(notFound, isComplete);
  if (failed > 0) {
    throw new Failure('in-part', `Cannot finish all of it: ${letters(failed)} could not be ${verb}`, {
      left: 'they are in the queue as before',
    });
  }
  if (!isComplete) {
    throw new Failure(
      'in-part',
      'Cannot finish: the queue is longer than can be walked through in a minute',
      {
        left: 'what was not named is in the queue as before',
      },
    );
  }
}

/** `1 letter`, `2 letters`. */
export function letters(count: number): string {
  return `${count} letter${count === 1 ? '' : 's'}`;
}
