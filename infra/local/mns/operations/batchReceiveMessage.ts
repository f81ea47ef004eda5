import { receivedContent } from '../message-content';
import type { Operation } from '../operation';
import { batchSize, take } from '../take';

export const batchReceiveMessage: Operation = async (call, { queues }) => {
  const messages = await take(queues.get(call.queue), call, batchSize(call));
  return { status: 200, document: ['Messages', { Message: messages.map(receivedContent) }] };
};
