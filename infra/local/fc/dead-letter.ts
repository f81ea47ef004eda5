import type { Invocation } from './instance';
import type { PendingEvent } from './queue';

export type DeadLetterFacts = {
  pending: PendingEvent;
  invocation: Invocation;
  functionArn: string;
  timestamp: number;
};

/**
 * The message that FC sends to an onFailure destination (docs: "Destinations of asynchronous invocations");
 * `requestPayload` is the original event, so it can be delivered again.
 */
export function deadLetter({ pending, invocation, functionArn, timestamp }: DeadLetterFacts) {
  const kind = invocation.failure?.kind ?? '';
  return {
    timestamp,
    requestContext: {
      requestId: pending.requestId,
      functionArn,
      condition: kind,
      approximateInvokeCount: pending.attempts,
    },
    requestPayload: Buffer.from(pending.event, 'base64').toString('utf8'),
    responseContext: { statusCode: 200, functionError: kind },
    responsePayload: invocation.body.toString('utf8'),
  };
}
