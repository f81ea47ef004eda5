import { DEFAULTS, readAttributes } from '../queues/attributes';
import { MnsError } from '../queues/errors';
import type { Operation } from '../queues/operation';
import { parseXml } from '../queues/xml';

export const createQueue: Operation = async ({ queue: name, body }, { queues, endpoint }) => {
  const attributes = body === '' ? {} : readAttributes(parseXml(body, 'Queue').element);
  const existing = queues.find(name);
  if (existing) {
    const now = Object.entries(existing.about().attributes);
    const wanted = { ...DEFAULTS, ...attributes };
    if (now.every(([key, value]) => wanted[key as keyof typeof wanted] === value)) return { status: 204 };
    throw new MnsError('QueueAlreadyExist');
  }
  await queues.create(name, attributes);
  return { status: 201, location: `${endpoint()}/queues/${name}` };
};
