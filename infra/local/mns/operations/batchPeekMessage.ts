import { MnsError } from '../queues/errors';
import { messageContent } from '../queues/message-content';
import type { Operation } from '../queues/operation';
import { batchSize } from '../queues/take';

export const batchPeekMessage: Operation = (call, { queues }) => {
  const messages = queues.get(call.queue).peek(batchSize(call));
  if (messages.length === 0) throw new MnsError('MessageNotExist');
  return { status: 200, document: ['Messages', { Message: messages.map(messageContent) }] };
};
