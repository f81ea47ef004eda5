import { batchDeleteMessage } from './operations/batchDeleteMessage';
import { batchPeekMessage } from './operations/batchPeekMessage';
import { batchReceiveMessage } from './operations/batchReceiveMessage';
import { batchSendMessage } from './operations/batchSendMessage';
import { changeMessageVisibility } from './operations/changeMessageVisibility';
import { createQueue } from './operations/createQueue';
import { deleteMessage } from './operations/deleteMessage';
import { deleteQueue } from './operations/deleteQueue';
import { getQueueAttributes } from './operations/getQueueAttributes';
import { listQueue } from './operations/listQueue';
import { peekMessage } from './operations/peekMessage';
import { receiveMessage } from './operations/receiveMessage';
import { sendMessage } from './operations/sendMessage';
import { setQueueAttributes } from './operations/setQueueAttributes';
import { MnsError } from './queues/errors';
import type { Operation } from './queues/operation';

/** Every operation, by its name in the API. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  BatchDeleteMessage: batchDeleteMessage,
  BatchPeekMessage: batchPeekMessage,
  BatchReceiveMessage: batchReceiveMessage,
  BatchSendMessage: batchSendMessage,
  ChangeMessageVisibility: changeMessageVisibility,
  CreateQueue: createQueue,
  DeleteMessage: deleteMessage,
  DeleteQueue: deleteQueue,
  GetQueueAttributes: getQueueAttributes,
  ListQueue: listQueue,
  PeekMessage: peekMessage,
  ReceiveMessage: receiveMessage,
  SendMessage: sendMessage,
  SetQueueAttributes: setQueueAttributes,
};

/** `query` has lower-case names. */
export type Target = { method: string; path: string; query: Map<string, string>; body: string };
/** `path` below the account, as policies name it. */
export type Route = { name: string; operation: Operation; queue: string; path: string };

/** Which operation a request is for. Throws InvalidRequestURL, and NotImplemented for what is no queue's. */
export function findOperation(target: Target): Route {
  const { method, path } = target;
  if (/^\/(topics|subscriptions)(\/|$)/.test(path)) throw new MnsError('NotImplemented', 'topics');
  const [, queue = '', messages] = /^\/queues(?:\/([^/]+)(\/messages)?)?$/.exec(path) ?? [undefined];
  if (!path.startsWith('/queues')) throw new MnsError('InvalidRequestURL');
  const name = messages ? ofMessages(target) : queue ? ofQueue(target) : method === 'GET' ? 'ListQueue' : '';
  const operation = OPERATIONS[name];
  if (!operation) throw new MnsError('InvalidRequestURL');
  return { name, operation, queue, path };
}

function ofQueue({ method, query }: Target): string {
  const put = query.get('metaoverride') === 'true' ? 'SetQueueAttributes' : 'CreateQueue';
  return { GET: 'GetQueueAttributes', PUT: put, DELETE: 'DeleteQueue' }[method] ?? '';
}

function ofMessages({ method, query, body }: Target): string {
  const isBatch = query.has('numofmessages');
  if (method === 'POST') return /<Messages[\s>]/.test(body) ? 'BatchSendMessage' : 'SendMessage';
  if (method === 'PUT') return 'ChangeMessageVisibility';
  if (method === 'DELETE') return query.has('receipthandle') ? 'DeleteMessage' : 'BatchDeleteMessage';
  if (method !== 'GET') return '';
  return `${isBatch ? 'Batch' : ''}${query.get('peekonly') === 'true' ? 'Peek' : 'Receive'}Message`;
}
