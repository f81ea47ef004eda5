import { receivedContent } from '../queues/message-content';
import type { Operation } from '../queues/operation';
import { batchSize, take } from '../queues/take';

export const batchReceiveMessage: Operation = async (call, { queues }) => {
  const messages = await take(queues.get(call.queue), call, batchSize(call));
  return { status: 200, document: ['Messages', { Message: messages.map(receivedContent) }] };
};
