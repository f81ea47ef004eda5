import { inRange } from '../queues/attributes';
import type { Operation } from '../queues/operation';

export const listQueue: Operation = ({ headers }, { queues, endpoint }) => {
  const {
    'x-mns-prefix': prefix = '',
    'x-mns-marker': marker = '',
    'x-mns-ret-number': most = '1000',
  } = headers;
  const count = inRange(most, { name: 'x-mns-ret-number', least: 1, most: 1000 });
  const names = queues.all().map(({ name }) => name);
  const found = names.filter((name) => name.startsWith(prefix) && name >= marker);
  const [page, next] = [found.slice(0, count), found[count]];
  const content = {
    Queue: page.map((name) => ({ QueueURL: `${endpoint()}/queues/${name}` })),
    ...(next !== undefined && { NextMarker: next }),
  };
  return { status: 200, document: ['Queues', content] };
};
