import type { Context } from '../context';
import type { Fault } from '../fault';
import type { Mns } from './mns-call';
import { replayable } from './upload-event';

/** What could not be done: the event that asked for it, and why not. */
type DeadLetter = { event: string; fault: Fault };

export type DeadLetters = {
  /** Throws `mns-unavailable` or `mns-refused`; then the letter is not in the queue. */
  send(letter: DeadLetter): Promise<void>;
};

/**
 * The queue that Function Compute, too, sends failed events to; its letters have the same shape ("Destinations"), and the
 * whole event. Ours have what a replay needs of it, and nothing of what is no event of OSS.
 */
export function deadLettersIn(queue: string, mns: Mns, context: Context): DeadLetters {
  const resource = `/queues/${queue}/messages`;
  return {
    async send(letter) {
      const message = JSON.stringify(messageOf(letter, context));
      const body = `<?xml version="1.0" encoding="UTF-8"?><Message xmlns="http://mns.aliyuncs.com/doc/v1/"><MessageBody>${escaped(message)}</MessageBody></Message>`;
      await mns.call('send the dead letter', { method: 'POST', resource, body });
    },
  };
}

function messageOf({ event, fault }: DeadLetter, context: Context) {
  const { requestId, region, accountId } = context;
  const { code, message } = fault;
  return {
    timestamp: Date.now(),
    requestContext: {
      requestId,
      functionArn: `acs:fc:${region}:${accountId}:functions/${context.function.name}`,
      condition: 'HandledInvocationError',
      approximateInvokeCount: 1,
    },
    requestPayload: replayable(event) ?? '',
    responseContext: { statusCode: 200, functionError: 'HandledInvocationError' },
    responsePayload: JSON.stringify({ errorType: code, errorMessage: message }),
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
