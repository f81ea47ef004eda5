import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { letterIn } from '../../cli/cloud/letter';
import type { Queue } from '../../cli/cloud/queue';
import { walk } from '../../cli/commands/dead-letters/walk';
import putObject from '../../events/put-object.json';
import { callMns } from '../../functions/cloud/mns-call';
import { DEAD_LETTERS } from '../../infra/run/deployment';
import { type Bench, deployBench, eventOf, hold, invokeLater, opened } from '../deployment';
import { linesOf, ossEnvelope } from './command';
import { operatorsOptions, operatorsTemplate } from './operator';

const ENCRYPT = 'oss-envelope-encrypt';

let bench: Bench;
let options: string[];
beforeAll(async () => {
  bench = await deployBench(await operatorsTemplate());
  options = await operatorsOptions(bench);
});
afterAll(() => bench.close());

/** As an operator; what was looked at is to be seen again, which takes a second. */
async function deadLetters(...argv: string[]) {
  await bench.cloud.clock.advance(1000);
  const ended = await ossEnvelope([...options, 'dead-letters', ...argv]);
  const lines = linesOf(ended);
  return { ...ended, items: lines.slice(0, -1), totals: lines.at(-1) ?? {} };
}

async function send(body: string): Promise<void> {
  const place = { endpoint: bench.cloud.mns.endpoint, now: () => new Date() };
  const xml = `<Message><MessageBody>${body}</MessageBody></Message>`;
  const request = { method: 'POST' as const, resource: `/queues/${DEAD_LETTERS}/messages`, body: xml };
  await callMns('send', bench.owner, place, request);
}

describe('the letters of a deployment', () => {
  test('are listed, shown, replayed and dropped by an operator', async () => {
    bench.cloud.faults.add({
      match: { operation: 'GenerateDataKey' },
      do: { error: { code: 'Rejected.Disabled', status: 400 } },
    });
    await bench.inbox.put('mended', Buffer.from('mended'), {});
    await bench.cloud.idle();
    await invokeLater(bench, ENCRYPT, eventOf({ key: 'a/../b', eTag: 'e' }));
    await invokeLater(bench, ENCRYPT, '<no event>');
    await send('somebody else was here');

    const listed = await deadLetters('list');
    expect(listed.stderr).toBe('');
    expect(listed.items).toMatchObject([
      { code: 'kms-refused', keys: ['mended'], tries: 1, functionName: ENCRYPT },
      { code: 'key-unsupported', keys: ['a/../b'] },
      { code: 'event-invalid', keys: [] },
      { code: 'malformed' },
    ]);
    expect(listed.totals).toMatchObject({ listed: 4, isComplete: true, queue: { active: 4, inactive: 0 } });
    expect(listed.stdout.includes('"event"')).toBe(false);
    const [mended = '', unsupported = '', invalid = '', malformed = ''] = listed.items.map(({ id }) =>
      String(id),
    );

    const shown = await deadLetters('show', unsupported);
    expect(shown.totals).toMatchObject({
      ...{
        id: unsupported,
        code: 'key-unsupported',
        event: JSON.parse(eventOf({ key: 'a/../b', eTag: 'e' })),
      },
      mend: expect.stringContaining('rename the object'),
    });

    const one = await deadLetters('replay', '--code', 'kms-refused');
    expect(one.items).toEqual([{ id: mended, code: 'kms-refused', keys: ['mended'], outcome: 'replayed' }]);
    expect(one.totals).toMatchObject({ replayed: 1, failed: 0, isComplete: true });
    await bench.cloud.idle();
    expect((await opened(bench, 'mended')).toString()).toBe('mended');

    const all = await deadLetters('replay', '--all');
    expect(all.code).toBe(3);
    expect(all.totals).toMatchObject({ replayed: 2, failed: 1 });
    expect(all.items).toMatchObject([{ id: unsupported }, { id: invalid }, { id: malformed, error: {} }]);
    await bench.cloud.idle();
    await bench.cloud.clock.advance(1000);
    expect(bodies().filter((body) => body.includes('a/../b'))).toHaveLength(1);

    const [unsure, dropped] = await Promise.all([
      ossEnvelope([...options, 'dead-letters', 'drop', unsupported]),
      deadLetters('drop', malformed, 'NO-SUCH-ID', '--yes'),
    ]);
    expect(unsure.code).toBe(2);
    expect(dropped.totals).toMatchObject({ dropped: 1, notFound: ['NO-SUCH-ID'] });
    expect(dropped.code).toBe(3);
    expect(bodies()).not.toContain('somebody else was here');
  });

  test('that Ctrl-C found in hand are seen again a second later', async () => {
    await bench.cloud.clock.advance(1000);
    const before = bodies();
    let calls = 0;
    const { reached, release } = hold(
      bench,
      ({ operation }) => operation === 'ReceiveMessage' && ++calls === 2,
    );
    const ended = await ossEnvelope([...options, 'dead-letters', 'list'], {
      onStart: (child) => void reached.then(() => child.kill('SIGINT')),
    });
    release();
    expect(ended.code).toBe(130);
    expect(JSON.parse(ended.stderr)).toMatchObject({
      error: { code: 'interrupted', left: expect.any(String) },
    });
    await bench.cloud.clock.advance(1000);
    // What was being received is hidden for the queue's minute.
    expect(bodies()).toContain(before[0]);
  });
});

/** What is to be seen in the queue. */
function bodies(): string[] {
  return bench.cloud.mns.peek(DEAD_LETTERS).map(({ body }) => body);
}

/** A queue of these letters: one that was received comes again once `hiddenFor` others were asked for. */
function queueOf(ids: string[], hiddenFor: number) {
  const [seen, givenBack]: [Map<string, number>, string[]] = [new Map(), []];
  let asked = 0;
  const queue = {
    async receive() {
      asked++;
      const id = ids.find((one) => (seen.get(one) ?? Number.NEGATIVE_INFINITY) + hiddenFor < asked);
      if (id === undefined) return undefined;
      seen.set(id, asked);
      return { id, body: '', enqueuedAt: new Date(0), dequeueCount: 1, handle: `${id}@${asked}` };
    },
    giveBack: async (handle: string) => void givenBack.push(handle),
  };
  return { queue: queue as unknown as Queue, givenBack };
}

describe('a walk through the queue', () => {
  const ids = ['a', 'b', 'c', 'd'];

  test('shows each letter once and gives it back', async () => {
    const { queue, givenBack } = queueOf(ids, 100);
    const shown: string[] = [];
    expect(await walk(queue, async ({ id }) => ({ isDeleted: shown.push(id) === 2 }))).toBe(true);
    expect([shown, givenBack]).toEqual([ids, ['a@1', 'c@3', 'd@4']]);
  });

  test('ends where letters come again before all were seen, and says so', async () => {
    const { queue, givenBack } = queueOf(ids, 1);
    const shown: string[] = [];
    expect(await walk(queue, async ({ id }) => ({ isDeleted: shown.push(id) === 0 }))).toBe(false);
    expect(shown).toEqual(['a', 'b']);
    expect(givenBack).toHaveLength(2);
  });

  test('that fails gives back what it has', async () => {
    const { queue, givenBack } = queueOf(ids, 100);
    const failing = walk(queue, ({ id }) => Promise.reject(new Error(id)));
    await expect(failing).rejects.toMatchObject({ left: expect.stringContaining('within a minute') });
    expect(givenBack).toEqual(['a@1']);
  });
});

describe('a letter', () => {
  const own = {
    timestamp: 1_660_120_276_975,
    requestContext: {
      requestId: 'r',
      functionArn: `acs:fc:r:1:functions/${ENCRYPT}`,
      approximateInvokeCount: 4,
    },
    requestPayload: eventOf({ key: 'k', eTag: 'e' }),
    responsePayload: JSON.stringify({ errorType: 'kms-refused', errorMessage: 'Cannot …' }),
  };
  const killed = { ...own, requestContext: { condition: 'UnhandledInvocationError' }, responsePayload: '' };
  const [{ eventName, eventTime, region, oss } = expect.fail('no record')] = putObject.events;
  const { key, eTag, size } = oss.object;
  const { name } = oss.bucket;
  const lean = { eventName, eventTime, region, oss: { bucket: { name }, object: { key, eTag, size } } };
  const rows: [string, string, object][] = [
    [
      'of a function',
      JSON.stringify(own),
      { code: 'kms-refused', tries: 4, functionName: ENCRYPT, keys: ['k'] },
    ],
    [
      'with the whole event',
      JSON.stringify({ ...own, requestPayload: JSON.stringify(putObject) }),
      { event: JSON.stringify({ events: [lean] }), keys: ['source/a.png'] },
    ],
    ['of the sweep', JSON.stringify({ ...own, requestPayload: '{"all":true}' }), { event: '{"all":true}' }],
    ['in base64', Buffer.from(JSON.stringify(own)).toString('base64'), { code: 'kms-refused', keys: ['k'] }],
    [
      'of Function Compute',
      JSON.stringify(killed),
      { code: 'UnhandledInvocationError', tries: undefined, keys: ['k'] },
    ],
    ['without an event', '{"requestContext":{}}', { code: 'malformed', event: undefined }],
    ['that is a list', '[]', { code: 'malformed' }],
    [
      'with a title for a terminal',
      '\u001b]0;x\u0007',
      { code: 'malformed', sentence: expect.not.stringContaining('\u001b') },
    ],
  ];
  test.each(rows)('%s', (_, body, expected) => {
    expect(letterIn({ id: 'i', body, enqueuedAt: new Date(0), dequeueCount: 1 })).toMatchObject(expected);
  });
});
