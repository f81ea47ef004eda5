import { MnsError } from '../errors';
import { receivedContent } from '../message-content';
import type { Operation } from '../operation';
import { take } from '../take';

export const receiveMessage: Operation = async (call, { queues }) => {
  const [message] = await take(queues.get(call.queue), call, 1);
  if (!message) throw new MnsError('MessageNotExist');
  return { status: 200, document: ['Message', receivedContent(message)] };
};
