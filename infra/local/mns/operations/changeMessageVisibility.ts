import { inRange } from '../queues/attributes';
import { MnsError } from '../queues/errors';
import type { Operation } from '../queues/operation';

export const changeMessageVisibility: Operation = async ({ queue: name, query }, { queues }) => {
  const queue = queues.get(name);
  const seconds = query.get('visibilitytimeout');
  if (seconds === undefined) throw new MnsError('MissingVisibilityTimeout');
  const visibility = inRange(seconds, { name: 'VisibilityTimeout', least: 1, most: 43_200 });
  const message = queue.held(query.get('receipthandle') ?? '');
  if (!message) throw new MnsError('MessageNotExist');
  const { receiptHandle = '', visibleAt } = await queue.hide(message, visibility);
  const content = { ReceiptHandle: receiptHandle, NextVisibleTime: visibleAt };
  return { status: 200, document: ['ChangeVisibility', content] };
};
