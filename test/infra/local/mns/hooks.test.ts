import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Call, Hooks, Outcome } from '../../../../infra/local/gateway/hooks';
import { type RunningMns, runMns, textAt, textMessage } from './running-mns';

const hooks: Hooks = {};
const done: [Call, Outcome][] = [];
let mns: RunningMns;
beforeAll(async () => {
  mns = await runMns({
    hooks: {
      before: (call) => hooks.before?.(call),
      after: (call) => hooks.after?.(call),
      done: (call, outcome) => void done.push([call, outcome]),
    },
  });
  await mns.createQueue('q');
});
afterAll(() => mns.close());

const sendMessage = () => mns.call('POST', '/queues/q/messages', textMessage('hello'));

describe('hooks of MNS [assumed]', () => {
  test('are told what every request was and what came of it', async () => {
    await sendMessage();
    expect(done.at(-1)).toMatchObject([
      { service: 'mns', operation: 'SendMessage', queue: 'q', principal: expect.stringContaining(':root') },
      { status: 201 },
    ]);
    await mns.call('GET', '/queues/nothing');
    expect(done.at(-1)).toMatchObject([
      { operation: 'GetQueueAttributes' },
      { status: 404, code: 'QueueNotExist' },
    ]);
  });

  test('are told of what the cloud sends itself', async () => {
    await mns.send({ queue: 'q', body: 'from within' });
    expect(done.at(-1)).toMatchObject([{ operation: 'SendMessage', queue: 'q' }, { status: 201 }]);
  });

  test('refuse a request before it does anything', async () => {
    const before = mns.peek('q').length;
    hooks.before = () => ({ error: { code: 'Busy', status: 503 } });
    const refused = await sendMessage();
    delete hooks.before;
    expect([refused.status, textAt(refused, 'Error/Code')]).toEqual([503, 'Busy']);
    expect(mns.peek('q')).toHaveLength(before);
  });

  test('lose the answer of what was done', async () => {
    const before = mns.peek('q').length;
    hooks.after = () => {
      throw new Error('lost');
    };
    await expect(sendMessage()).rejects.toThrow();
    delete hooks.after;
    expect(mns.peek('q')).toHaveLength(before + 1);
    expect(done.at(-1)?.[1]).toMatchObject({ status: 0 });
  });
});
