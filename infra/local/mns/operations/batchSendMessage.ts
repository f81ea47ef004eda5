import { MnsError } from '../queues/errors';
import { receipt } from '../queues/message-content';
import type { Operation } from '../queues/operation';
import type { Message } from '../queues/queue';
import { readMessage } from '../queues/read-message';
import { children, parseXml } from '../queues/xml';

export const batchSendMessage: Operation = async ({ queue: name, body }, { queues }) => {
  const queue = queues.get(name);
  const elements = children(parseXml(body, 'Messages').element, 'Message');
  if (elements.length < 1 || elements.length > 16) throw new MnsError('MalformedXML');
  const given = elements.map((element) => readMessage(element, queue));
  const sent: Message[] = [];
  for (const message of given) sent.push(await queue.send(message));
  return { status: 201, document: ['Messages', { Message: sent.map(receipt) }] };
};
