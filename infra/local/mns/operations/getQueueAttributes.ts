import type { Operation } from '../queues/operation';

export const getQueueAttributes: Operation = ({ queue: name }, { queues }) => {
  const queue = queues.get(name);
  const { attributes, createdAt, modifiedAt } = queue.about();
  const { active, inactive, delayed } = queue.count();
  const content = {
    QueueName: name,
    CreateTime: Math.floor(createdAt / 1000),
    LastModifyTime: Math.floor(modifiedAt / 1000),
    ...attributes,
    ActiveMessages: active,
    InactiveMessages: inactive,
    DelayMessages: delayed,
    LoggingEnabled: 'False',
  };
  return { status: 200, document: ['Queue', content] };
};
