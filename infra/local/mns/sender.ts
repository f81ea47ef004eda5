import type { Call, Hooks } from '../gateway/hooks';
import { checkAccess, type Guard } from './access';
import { hooked, unknownCall } from './hooked';
import type { Message } from './queues/queue';
import type { Queues } from './queues/queues';
import { checkedBody } from './queues/read-message';
import { done, toldOf } from './told';

/** `principal`: the role that sends; a service of the cloud itself where there is none. */
export type InnerMessage = { queue: string; body: string; principal?: string };

/** Returns SendMessage from within the cloud. It rejects with MnsError. */
export function sender({ hooks = {}, ...guard }: Guard & { hooks?: Hooks }, queues: Queues) {
  function deliver({ queue: name, body, principal }: InnerMessage): Promise<Message> {
    const path = `/queues/${name}/messages`;
    if (principal !== undefined) checkAccess(guard, { principal, operation: 'SendMessage', path });
    const queue = queues.get(name);
    return queue.send({ body: checkedBody(body, queue) });
  }

  return async (message: InnerMessage): Promise<Message> => {
    const { queue, principal = '' } = message;
    const call: Call = { ...unknownCall({}, {}), operation: 'SendMessage', queue, principal };
    const began = performance.now();
    const sending = hooked(hooks, call, async () => deliver(message));
    const { status, code } = await sending.then(() => ({ status: 201, code: undefined }), toldOf);
    done(hooks, call, { status, ...(code !== undefined && { code }), began });
    return sending;
  };
}
