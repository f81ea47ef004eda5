import { fields, text, wholeNumber } from '../../declared/shape';
import type { Make } from './services';

const shape = fields(
  { QueueName: text() },
  {
    DelaySeconds: wholeNumber(0),
    MaximumMessageSize: wholeNumber(0),
    MessageRetentionPeriod: wholeNumber(0),
    PollingWaitSeconds: wholeNumber(0),
    VisibilityTimeout: wholeNumber(0),
  },
);

/** ALIYUN::MNS::Queue. One that is there stays as it is. */
export const makeQueue: Make = async ({ mns }, { properties, path }) => {
  const { QueueName, ...attributes } = shape(properties, path);
  await mns.createQueue(QueueName, attributes);
  return { QueueName };
};
