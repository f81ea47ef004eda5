import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, saveJson } from '../../data/saved-json';
import type { Attributes } from './attributes';

/** A message in a queue; times are ms. `visibleAt`: hidden until then, for a delay or for who has received it. */
export type Message = {
  id: string;
  body: string;
  /** 1, the first, to 16 */
  priority: number;
  /** counts up within a queue */
  order: number;
  enqueuedAt: number;
  firstDequeuedAt?: number;
  dequeueCount: number;
  visibleAt: number;
  /** of the last one who received it */
  receiptHandle?: string;
};

export type About = { attributes: Attributes; createdAt: number; modifiedAt: number };

export type QueuedMessages = {
  /** What an earlier run left. */
  earlier: { messages: Message[]; about: About | undefined };
  save(message: Message): Promise<Message>;
  remove(message: Message): Promise<void>;
  saveAbout(about: About): Promise<void>;
};

/** A queue's attributes and messages, a file each in `folder`, written one after the other. */
export async function createQueuedMessages(folder: string): Promise<QueuedMessages> {
  const earlier = await load(folder);
  const fileOf = ({ id }: Message) => join(folder, `${id}.json`);

  // A message that is saved while it is removed must not come back.
  let lastWrite = Promise.resolve();
  const inOrder = (write: () => Promise<void>) => {
    const written = lastWrite.then(write);
    lastWrite = written.catch(() => undefined);
    return written;
  };

  return {
    earlier,
    save: (message) => inOrder(() => saveJson(fileOf(message), message)).then(() => message),
    remove: (message) => inOrder(() => rm(fileOf(message), { force: true })),
    saveAbout: (about) => inOrder(() => saveJson(join(folder, 'queue.json'), about)),
  };
}

async function load(folder: string): Promise<QueuedMessages['earlier']> {
  const messages: Message[] = [];
  const files = await readdir(folder).catch(() => []);
  for (const file of files.filter((one) => /^[0-9A-F-]+\.json$/.test(one))) {
    const message = await readJson<Message>(join(folder, file));
    if (message) messages.push(message);
  }
  return { messages, about: await readJson<About>(join(folder, 'queue.json')) };
}
