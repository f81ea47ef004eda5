import { readAttributes } from '../queues/attributes';
import type { Operation } from '../queues/operation';
import { parseXml } from '../queues/xml';

export const setQueueAttributes: Operation = async ({ queue, body }, { queues }) => {
  await queues.get(queue).setAttributes(readAttributes(parseXml(body, 'Queue').element));
  return { status: 204 };
};
