import { createHash } from 'node:crypto';
import type { Message } from './queue';
import type { Content } from './xml';

/** What the sender of a message is told. */
export function receipt({ id, body }: Message): Content {
  return { MessageId: id, MessageBodyMD5: md5(body) };
}

/** A message as a queue hands it out; times are ms. */
export function messageContent(message: Message): { [name: string]: Content } {
  const { id, body, enqueuedAt, firstDequeuedAt = enqueuedAt, dequeueCount, priority } = message;
  return {
    MessageId: id,
    MessageBody: body,
    MessageBodyMD5: md5(body),
    EnqueueTime: enqueuedAt,
    FirstDequeueTime: firstDequeuedAt,
    DequeueCount: dequeueCount,
    Priority: priority,
  };
}

/** The same for who has received it and may delete it. */
export function receivedContent(message: Message): Content {
  const { receiptHandle = '', visibleAt } = message;
  return { ...messageContent(message), ReceiptHandle: receiptHandle, NextVisibleTime: visibleAt };
}

function md5(body: string): string {
  return createHash('md5').update(body).digest('hex').toUpperCase();
}
