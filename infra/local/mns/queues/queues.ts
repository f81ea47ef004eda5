import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attributes } from './attributes';
import { MnsError } from './errors';
import { newQueue, type Queue } from './queue';

export type Queues = {
  /** Throws QueueNotExist. */
  get(name: string): Queue;
  find(name: string): Queue | undefined;
  /** In the order of their names. */
  all(): Queue[];
  /** Throws InvalidQueueName, QueueNameLengthError. */
  create(name: string, attributes: Partial<Attributes>): Promise<Queue>;
  remove(name: string): Promise<void>;
};

/** The queues of an account, a folder each in `folder`. */
export async function createQueues(folder: string, now: () => number): Promise<Queues> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const queues = new Map<string, Queue>();
  for (const name of (await readdir(folder)).filter((one) => NAME.test(one))) {
    queues.set(name, await newQueue(join(folder, name), name, now));
  }

  function get(name: string): Queue {
    const queue = queues.get(name);
    if (!queue) throw new MnsError('QueueNotExist');
    return queue;
  }

  async function create(name: string, attributes: Partial<Attributes>): Promise<Queue> {
    checkName(name);
    const queue = await newQueue(join(folder, name), name, now);
    await queue.setAttributes(attributes);
    queues.set(name, queue);
    return queue;
  }

  async function remove(name: string): Promise<void> {
    if (!queues.delete(name)) return;
    await rm(join(folder, name), { recursive: true, force: true });
  }

  const all = () => [...queues.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { get, find: (name) => queues.get(name), all, create, remove };
}

const NAME = /^[A-Za-z][A-Za-z0-9-]*$/;

function checkName(name: string): void {
  if (name.length < 1 || name.length > 120) throw new MnsError('QueueNameLengthError');
  if (!NAME.test(name)) throw new MnsError('InvalidQueueName');
}
