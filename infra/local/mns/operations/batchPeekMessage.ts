import { MnsError } from '../errors';
import { messageContent } from '../message-content';
import type { Operation } from '../operation';
import { batchSize } from '../take';

export const batchPeekMessage: Operation = (call, { queues }) => {
  const messages = queues.get(call.queue).peek(batchSize(call));
  if (messages.length === 0) throw new MnsError('MessageNotExist');
  return { status: 200, document: ['Messages', { Message: messages.map(messageContent) }] };
};
