import { expect, test } from 'vitest';
import { createCounter } from '../../../functions/decrypt/openings';

const tooMany = expect.objectContaining({ code: 'too-many-requests', status: 429 });

test('as many as allowed in a minute of the clock, and as many in the next', () => {
  let now = 59_000;
  const count = createCounter(() => now);
  count(2);
  count(2);
  expect(() => count(2)).toThrow(tooMany);
  now = 60_000;
  count(2);
  count(2);
  expect(() => count(2)).toThrow(tooMany);
});

test('no limit, no end', () => {
  const count = createCounter(() => 0);
  for (let n = 0; n < 1000; n++) count(undefined);
});
