import { inRange } from './attributes';
import { MnsError } from './errors';
import type { Call } from './operation';
import type { Message, Queue } from './queue';

/** `numofmessages` of a batch, 1 to 16. */
export function batchSize({ query }: Call): number {
  return inRange(query.get('numofmessages') ?? '', { name: 'numOfMessages', least: 1, most: 16 });
}

/**
 * Receives up to `count` messages, waiting for the first as long as the request or the queue says. Throws
 * MessageNotExist when there is none by then.
 */
export async function take(queue: Queue, call: Call, count: number): Promise<Message[]> {
  const given = call.query.get('waitseconds');
  const range = { name: 'waitseconds', least: 0, most: 30 };
  const seconds = given === undefined ? queue.about().attributes.PollingWaitSeconds : inRange(given, range);
  const over = AbortSignal.any([AbortSignal.timeout(seconds * 1000), call.canceled]);
  for (;;) {
    const received = call.canceled.aborted ? [] : await queue.receive(count);
    if (received.length > 0) return received;
    if (seconds === 0 || over.aborted) throw new MnsError('MessageNotExist');
    await queue.arrival(over);
  }
}
