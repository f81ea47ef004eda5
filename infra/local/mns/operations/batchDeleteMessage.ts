import { MnsError } from '../queues/errors';
import type { Operation } from '../queues/operation';
import { children, parseXml } from '../queues/xml';

export const batchDeleteMessage: Operation = async ({ queue: name, body }, { queues }) => {
  const queue = queues.get(name);
  const handles = children(parseXml(body, 'ReceiptHandles').element, 'ReceiptHandle').map(String);
  if (handles.length < 1 || handles.length > 16) throw new MnsError('MalformedXML');
  const unknown: string[] = [];
  for (const handle of handles) {
    const message = queue.held(handle);
    if (message) await queue.remove(message);
    else unknown.push(handle);
  }
  if (unknown.length === 0) return { status: 204 };
  const { code: ErrorCode, message: ErrorMessage } = new MnsError('ReceiptHandleError');
  const errors = unknown.map((ReceiptHandle) => ({ ErrorCode, ErrorMessage, ReceiptHandle }));
  return { status: 404, document: ['Errors', { Error: errors }] };
};
