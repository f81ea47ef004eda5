import { readAttributes } from '../attributes';
import type { Operation } from '../operation';
import { parseXml } from '../xml';

export const setQueueAttributes: Operation = async ({ queue, body }, { queues }) => {
  await queues.get(queue).setAttributes(readAttributes(parseXml(body, 'Queue').element));
  return { status: 204 };
};
