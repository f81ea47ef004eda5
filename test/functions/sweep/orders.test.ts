import { describe, expect, test } from 'vitest';
import { readOrder, writeOrder } from '../../../functions/sweep/orders';
import { NOTHING } from '../../../functions/sweep/sweep-inbox';

const now = new Date('2026-11-21T12:00:00.500Z');
const read = (event: string) =>
  readOrder(Buffer.from(event, event.includes('\xf6') ? 'latin1' : 'utf8'), now);
const beginning = { at: now, all: false, after: undefined, counts: NOTHING };

describe('an order', () => {
  test.each(['', '{}'])('%j is to do what this interval brings', (event) => {
    expect(read(event)).toEqual(beginning);
  });

  test('of the timer counts ages to its own time', () => {
    const event = '{"triggerTime":"2026-11-21T11:59:00Z","triggerName":"every-15-minutes","payload":""}';
    expect(read(event)).toEqual({ ...beginning, at: new Date('2026-11-21T11:59:00Z') });
  });

  test('of an operator may be for all', () => {
    expect(read('{"all":true}')).toEqual({ ...beginning, all: true });
  });

  test.each(['a', '报告/🔐', 'line\nfeed\u0001'])('is read as it was written, up to the key %j', (after) => {
    const order = { at: now, all: true, after, counts: { ...NOTHING, listed: 7, oldestUnsealedSeconds: 3 } };
    expect(read(writeOrder(order))).toEqual(order);
  });
});

describe('no order', () => {
  const counts = (changed: object) => JSON.stringify({ counts: { ...NOTHING, ...changed } });
  test.each([
    ['{', 'it is not JSON'],
    ['[]', 'it is no JSON object'],
    ['null', 'it is no JSON object'],
    ['"all"', 'it is no JSON object'],
    ['{"al":true}', 'field "al" is unknown'],
    ['{"events":[]}', 'field "events" is unknown'],
    ['{"all":1}', 'field "all" must be true or false'],
    ['{"at":"soon"}', 'it has no moment'],
    ['{"triggerTime":1}', 'it has no moment'],
    ...[
      '2026',
      ' 2026-11-21T11:59:00Z',
      '2026-11-21',
      '2026-11-21T11:59:00',
      '1',
      '2026-13-21T11:59:00Z',
    ].map((at) => [JSON.stringify({ at }), 'it has no moment']),
    ['{"after":"\\ud800"}', 'field "after" must be a key'],
    ['{"after":"a"}\xf6', 'it is not JSON'],
    ['{"after":1}', 'field "after" must be a key'],
    ['{"counts":{}}', 'count listed is wrong'],
    [counts({ redriven: -1 }), 'count redriven is wrong'],
    [counts({ unsealed: 1.5 }), 'count unsealed is wrong'],
    [counts({ superseded: '1' }), 'count superseded is wrong'],
    ['{"counts":null}', 'count listed is wrong'],
  ])('%s', (event, why) => {
    expect(() => read(event)).toThrow(
      expect.objectContaining({ code: 'event-invalid', message: `Cannot read the event: ${why}` }),
    );
  });
});
