import { DEFAULTS, readAttributes } from '../attributes';
import { MnsError } from '../errors';
import type { Operation } from '../operation';
import { parseXml } from '../xml';

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
