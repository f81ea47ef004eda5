import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, saveJson } from '../ram/saved-json';
import { type Attributes, DEFAULTS } from './attributes';

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

export type NewMessage = { body: string; delaySeconds?: number; priority?: number };
type Saved = { attributes: Attributes; createdAt: number; modifiedAt: number };

export type Queue = {
  name: string;
  about(): Saved;
  setAttributes(changes: Partial<Attributes>): Promise<void>;
  send(message: NewMessage): Promise<Message>;
  /** Hides the first messages for the queue's VisibilityTimeout and hands them out, at most `count`. */
  receive(count: number): Promise<Message[]>;
  /** The first messages that could be received now, left as they are. */
  peek(count: number): Message[];
  /** The message that this receipt handle still stands for; undefined when it is gone or has been handed out anew. */
  held(receiptHandle: string): Message | undefined;
  remove(message: Message): Promise<void>;
  /** Hides a message for so many seconds from now; it has another receipt handle then. */
  hide(message: Message, seconds: number): Promise<Message>;
  count(): Record<'active' | 'inactive' | 'delayed', number>;
  /** Resolves when a message has come in, or `signal` is aborted. */
  arrival(signal: AbortSignal): Promise<void>;
};

/** One queue, its attributes and every message a file in `folder`. */
export async function openQueue(folder: string, name: string, now: () => number): Promise<Queue> {
  const kept = await load(folder);
  const messages = new Map(kept.messages.map((message) => [message.id, message]));
  const waiting = new Set<() => void>();
  let about = kept.about ?? { attributes: DEFAULTS, createdAt: now(), modifiedAt: now() };
  let order = Math.max(0, ...kept.messages.map((message) => message.order));

  // One after the other: a message that is saved while it is removed must not come back.
  let lastWrite = Promise.resolve();
  const inOrder = (write: () => Promise<void>) => {
    const written = lastWrite.then(write);
    lastWrite = written.catch(() => undefined);
    return written;
  };
  const fileOf = ({ id }: Message) => join(folder, `${id}.json`);
  const saved = (message: Message) => inOrder(() => saveJson(fileOf(message), message)).then(() => message);
  const newHandle = (message: Message) => `${message.priority}-${randomBytes(24).toString('hex')}`;

  async function setAttributes(changes: Partial<Attributes>): Promise<void> {
    about = { ...about, attributes: { ...about.attributes, ...changes }, modifiedAt: now() };
    await inOrder(() => saveJson(join(folder, 'queue.json'), about));
  }

  async function send({ body, delaySeconds, priority = 8 }: NewMessage): Promise<Message> {
    const enqueuedAt = now();
    const visibleAt = enqueuedAt + (delaySeconds ?? about.attributes.DelaySeconds) * 1000;
    const id = newMessageId();
    const message = { id, body, priority, order: ++order, enqueuedAt, dequeueCount: 0, visibleAt };
    await saved(message);
    messages.set(id, message);
    for (const wake of [...waiting]) wake();
    return message;
  }

  async function receive(count: number): Promise<Message[]> {
    const received = peek(count).map((message) => {
      message.dequeueCount++;
      message.firstDequeuedAt ??= now();
      return hidden(message, about.attributes.VisibilityTimeout);
    });
    return Promise.all(received.map(saved));
  }

  function peek(count: number): Message[] {
    return present()
      .filter(({ visibleAt }) => visibleAt <= now())
      .sort((a, b) => a.priority - b.priority || a.order - b.order)
      .slice(0, count);
  }

  function present(): Message[] {
    const oldest = now() - about.attributes.MessageRetentionPeriod * 1000;
    return [...messages.values()].filter(({ enqueuedAt }) => enqueuedAt > oldest);
  }

  function hidden(message: Message, seconds: number): Message {
    message.visibleAt = now() + seconds * 1000;
    message.receiptHandle = newHandle(message);
    return message;
  }

  function held(receiptHandle: string): Message | undefined {
    const message = present().find((one) => one.receiptHandle === receiptHandle);
    return message && message.visibleAt > now() ? message : undefined;
  }

  async function remove(message: Message): Promise<void> {
    messages.delete(message.id);
    await inOrder(() => rm(fileOf(message), { force: true }));
  }

  function count() {
    const hiddenOnes = present().filter(({ visibleAt }) => visibleAt > now());
    const delayed = hiddenOnes.filter(({ dequeueCount }) => dequeueCount === 0).length;
    const inactive = hiddenOnes.length - delayed;
    return { active: present().length - hiddenOnes.length, inactive, delayed };
  }

  async function arrival(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  return {
    ...{ name, about: () => about, setAttributes, send, receive, peek, held, remove, count, arrival },
    hide: (message, seconds) => saved(hidden(message, seconds)),
  };
}

async function load(folder: string): Promise<{ messages: Message[]; about: Saved | undefined }> {
  const messages: Message[] = [];
  const files = await readdir(folder).catch(() => []);
  for (const file of files.filter((one) => /^[0-9A-F-]+\.json$/.test(one))) {
    const message = await readJson<Message>(join(folder, file));
    if (message) messages.push(message);
  }
  return { messages, about: await readJson<Saved>(join(folder, 'queue.json')) };
}

/** Of the form that the documentation's examples have: `5F290C926D472878-2-14D9529A8FA-200000001`. */
function newMessageId(): string {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex').toUpperCase();
  return `${hex(8)}-1-${hex(6).slice(1)}-2${String(randomBytes(4).readUInt32BE() % 1e8).padStart(8, '0')}`;
}
