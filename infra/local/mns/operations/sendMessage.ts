import { receipt } from '../queues/message-content';
import type { Operation } from '../queues/operation';
import { readMessage } from '../queues/read-message';
import { parseXml } from '../queues/xml';

export const sendMessage: Operation = async ({ queue: name, body }, { queues }) => {
  const queue = queues.get(name);
  const message = await queue.send(readMessage(parseXml(body, 'Message').element, queue));
  return { status: 201, document: ['Message', receipt(message)] };
};
