import type { Mns } from '../../functions/cloud/mns-call';
import { Fault } from '../../functions/fault';
import type { Session } from '../session/session';

/** A message of MNS. `dequeueCount`: how often it was received. */
export type Message = { id: string; body: string; enqueuedAt: Date; dequeueCount: number };

/** One that is hidden from others until the queue's VisibilityTimeout is over; `handle` is good for so long. */
export type Received = Message & { handle: string };

/** `active`: to be received now; `inactive`: received, and hidden until its time is over. */
type Counts = { active: number; inactive: number };

/** A queue of MNS (API version 2015-06-06), one call each. All throw as `callMns` does. */
export type Queue = {
  name: string;
  counts(): Promise<Counts>;
  /** The first message, left as it is; undefined where there is none. */
  peek(): Promise<Message | undefined>;
  /** The first message, hidden from now on; undefined where there is none that is not hidden. */
  receive(): Promise<Received | undefined>;
  remove(handle: string): Promise<void>;
  /** Shows a message again in a second, the least that MNS takes. Tried once, also after Ctrl-C. */
  giveBack(handle: string): Promise<void>;
};

/** The dead-letter queue of a deployment (infra/template.yaml, DeadLetters). */
export function deadLetterQueue({ deployment, mns }: Pick<Session, 'deployment' | 'mns'>): Queue {
  return queueAt(mns(), `${deployment.name}-dead-letter`);
}

function queueAt({ call, once }: Mns, name: string): Queue {
  const queue = `/queues/${name}`;
  const messages = `${queue}/messages`;
  return {
    name,
    async counts() {
      const answer = await call('look at the queue', { method: 'GET', resource: queue });
      return { active: number(answer, 'ActiveMessages'), inactive: number(answer, 'InactiveMessages') };
    },
    peek: () =>
      orNone(async () => {
        const resource = `${messages}?peekonly=true`;
        return messageIn(await call('look at a message', { method: 'GET', resource }));
      }),
    receive: () =>
      orNone(async () => {
        const answer = await call('receive a message', { method: 'GET', resource: messages });
        return { ...messageIn(answer), handle: text(answer, 'ReceiptHandle') };
      }),
    // A handle stands in the query as MNS gave it: so the official SDKs send and sign it.
    async remove(handle) {
      const resource = `${messages}?ReceiptHandle=${handle}`;
      await call('delete the message', { method: 'DELETE', resource });
    },
    async giveBack(handle) {
      const resource = `${messages}?receiptHandle=${handle}&visibilityTimeout=1`;
      await once('give the message back', { method: 'PUT', resource });
    },
  };
}

/** Docs, "ReceiveMessage": 404 MessageNotExist is the answer of an empty queue. */
async function orNone<T>(receive: () => Promise<T>): Promise<T | undefined> {
  try {
    return await receive();
  } catch (error) {
    if (error instanceof Fault && error.said?.code === 'MessageNotExist') return undefined;
    throw error;
  }
}

function messageIn(xml: string): Message {
  return {
    id: text(xml, 'MessageId'),
    body: text(xml, 'MessageBody'),
    enqueuedAt: new Date(number(xml, 'EnqueueTime')),
    dequeueCount: number(xml, 'DequeueCount'),
  };
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text of an element, of which answers of MNS have one, without attributes and children. */
function text(xml: string, name: string): string {
  const raw = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
  return raw.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, entity) => {
    if (entity !== undefined) return (Object.hasOwn(ENTITIES, entity) && ENTITIES[entity]) || all;
    return String.fromCodePoint(hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });
}

function number(xml: string, name: string): number {
  return Number(text(xml, name) || 0);
}
