import { MnsError } from '../queues/errors';
import type { Operation } from '../queues/operation';

export const deleteMessage: Operation = async ({ queue: name, query }, { queues }) => {
  const queue = queues.get(name);
  const message = queue.held(query.get('receipthandle') ?? '');
  if (!message) throw new MnsError('MessageNotExist');
  await queue.remove(message);
  return { status: 204 };
};
