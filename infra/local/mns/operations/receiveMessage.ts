import { MnsError } from '../queues/errors';
import { receivedContent } from '../queues/message-content';
import type { Operation } from '../queues/operation';
import { take } from '../queues/take';

export const receiveMessage: Operation = async (call, { queues }) => {
  const [message] = await take(queues.get(call.queue), call, 1);
  if (!message) throw new MnsError('MessageNotExist');
  return { status: 200, document: ['Message', receivedContent(message)] };
};
