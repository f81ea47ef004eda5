import { hooked, type Progress } from '../gateway/handle';
import type { Hooks } from '../gateway/hooks';
import { Lost, Refusal } from '../gateway/refusal';
import { checkAccess, type Guard } from './access';
import type { Message } from './queues/queue';
import type { Queues } from './queues/queues';
import { checkedBody } from './queues/read-message';
import { asMns } from './responder';

/** `principal`: the role that sends; a service of the cloud itself where there is none. */
export type InnerMessage = { queue: string; body: string; principal?: string };

/** Returns SendMessage from within the cloud. It rejects with a Refusal, or where the answer was lost. */
export function sender({ hooks = {}, ...guard }: Guard & { hooks?: Hooks }, queues: Queues) {
  function deliver({ queue: name, body, principal }: InnerMessage): Promise<Message> {
    const path = `/queues/${name}/messages`;
    if (principal !== undefined) checkAccess(guard, { principal, operation: 'SendMessage', path });
    const queue = queues.get(name);
    return queue.send({ body: checkedBody(body, queue) });
  }

  return async (message: InnerMessage): Promise<Message> => {
    const { queue, principal = '' } = message;
    const call = {
      service: 'mns',
      operation: 'SendMessage',
      queue,
      query: {},
      headers: {},
      principal,
    } as const;
    const progress: Progress = { call };
    const began = performance.now();
    const sending = hooked({ hooks, injected: asMns }, progress, async () => deliver(message));
    const told = await sending.then(() => ({ status: 201 }), refused);
    hooks.done?.(call, { ...told, ms: Math.round(performance.now() - began) });
    return sending;
  };
}

function refused(error: unknown): { status: number; code?: string } {
  if (error instanceof Lost) return { status: 0 };
  const { status, code } = error instanceof Refusal ? error : asMns({ code: 'InternalError' });
  return { status, code };
}
