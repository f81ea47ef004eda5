import { join } from 'node:path';
import { listen } from '../gateway/listener';
import type { Attributes } from './queues/attributes';
import type { Message } from './queues/queue';
import { createQueues } from './queues/queues';
import { type ResponderOptions, responder } from './responder';
import { type InnerMessage, sender } from './sender';

export type MnsOptions = ResponderOptions & {
  /** The cloud's data folder; queues are kept in `<data>/mns`. */
  data: string;
  port?: number;
};

export type Mns = {
  port: number;
  endpoint: string;
  /** Makes the queue where there is none; attributes by the names of CreateQueue. */
  createQueue(name: string, attributes?: Partial<Attributes>): Promise<void>;
  /** SendMessage from within the cloud, by a role or, where there is none, by a service. Rejects with MnsError. */
  send(message: InnerMessage): Promise<Message>;
  /** What is in a queue and not hidden, the first first; left as it is. Throws QueueNotExist. */
  peek(queue: string): Message[];
  close(): Promise<void>;
};

/** Starts MNS (Simple Message Queue, API version 2015-06-06), queues only, on 127.0.0.1. Rejects with EADDRINUSE. */
export async function startMns(options: MnsOptions): Promise<Mns> {
  const queues = await createQueues(join(options.data, 'mns'), options.now);
  let endpoint = '';
  const respond = responder(options, { queues, endpoint: () => endpoint });
  const { port, url, close } = await listen(respond, { port: options.port });
  endpoint = url;

  async function createQueue(name: string, attributes: Partial<Attributes> = {}): Promise<void> {
    if (!queues.find(name)) await queues.create(name, attributes);
  }

  const peek = (name: string) => queues.get(name).peek(Number.POSITIVE_INFINITY);
  return { port, endpoint, createQueue, send: sender(options, queues), peek, close };
}
