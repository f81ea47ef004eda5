import { randomBytes } from 'node:crypto';
import { createArrivals } from './arrivals';
import { type Attributes, DEFAULTS } from './attributes';
import { type About, createQueuedMessages, type Message } from './queued-messages';

export type { Message } from './queued-messages';

export type NewMessage = { body: string; delaySeconds?: number; priority?: number };

export type Queue = {
  name: string;
  about(): About;
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
export async function newQueue(folder: string, name: string, now: () => number): Promise<Queue> {
  const files = await createQueuedMessages(folder);
  const { earlier } = files;
  const messages = new Map(earlier.messages.map((message) => [message.id, message]));
  const arrivals = createArrivals();
  let about = earlier.about ?? { attributes: DEFAULTS, createdAt: now(), modifiedAt: now() };
  let order = Math.max(0, ...earlier.messages.map((message) => message.order));

  async function setAttributes(changes: Partial<Attributes>): Promise<void> {
    about = { ...about, attributes: { ...about.attributes, ...changes }, modifiedAt: now() };
    await files.saveAbout(about);
  }

  async function send({ body, delaySeconds, priority = 8 }: NewMessage): Promise<Message> {
    const enqueuedAt = now();
    const visibleAt = enqueuedAt + (delaySeconds ?? about.attributes.DelaySeconds) * 1000;
    const id = newMessageId();
    const message = { id, body, priority, order: ++order, enqueuedAt, dequeueCount: 0, visibleAt };
    await files.save(message);
    messages.set(id, message);
    arrivals.announce();
    return message;
  }

  async function receive(count: number): Promise<Message[]> {
    const received = peek(count).map((message) => {
      message.dequeueCount++;
      message.firstDequeuedAt ??= now();
      return hidden(message, about.attributes.VisibilityTimeout);
    });
    return Promise.all(received.map(files.save));
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
    message.receiptHandle = `${message.priority}-${randomBytes(24).toString('hex')}`;
    return message;
  }

  function held(receiptHandle: string): Message | undefined {
    const message = present().find((one) => one.receiptHandle === receiptHandle);
    return message && message.visibleAt > now() ? message : undefined;
  }

  async function remove(message: Message): Promise<void> {
    messages.delete(message.id);
    await files.remove(message);
  }

  function count() {
    const hiddenOnes = present().filter(({ visibleAt }) => visibleAt > now());
    const delayed = hiddenOnes.filter(({ dequeueCount }) => dequeueCount === 0).length;
    const inactive = hiddenOnes.length - delayed;
    return { active: present().length - hiddenOnes.length, inactive, delayed };
  }

  return {
    name,
    about: () => about,
    setAttributes,
    send,
    receive,
    peek,
    held,
    remove,
    count,
    arrival: arrivals.next,
    hide: (message, seconds) => files.save(hidden(message, seconds)),
  };
}

/** Of the form that the documentation's examples have: `5F290C926D472878-2-14D9529A8FA-200000001`. */
function newMessageId(): string {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex').toUpperCase();
  return `${hex(8)}-1-${hex(6).slice(1)}-2${String(randomBytes(4).readUInt32BE() % 1e8).padStart(8, '0')}`;
}
