import { receipt } from '../message-content';
import type { Operation } from '../operation';
import { readMessage } from '../read-message';
import { parseXml } from '../xml';

export const sendMessage: Operation = async ({ queue: name, body }, { queues }) => {
  const queue = queues.get(name);
  const message = await queue.send(readMessage(parseXml(body, 'Message').element, queue));
  return { status: 201, document: ['Message', receipt(message)] };
};
