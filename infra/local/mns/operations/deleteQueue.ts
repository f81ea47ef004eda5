import type { Operation } from '../queues/operation';

export const deleteQueue: Operation = async ({ queue }, { queues }) => {
  await queues.remove(queue);
  return { status: 204 };
};
