import { MnsError } from '../queues/errors';
import { messageContent } from '../queues/message-content';
import type { Operation } from '../queues/operation';

export const peekMessage: Operation = ({ queue }, { queues }) => {
  const [message] = queues.get(queue).peek(1);
  if (!message) throw new MnsError('MessageNotExist');
  return { status: 200, document: ['Message', messageContent(message)] };
};
