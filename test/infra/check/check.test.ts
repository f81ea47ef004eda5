import { expect, test } from 'vitest';
import { runPart, tableOf } from '../../../infra/check/check';

const part = {
  name: '1 things',
  checks: [
    { name: 'this is right', run: () => [] },
    { name: 'this is wrong', run: () => ['one', 'two\nlines'] },
    { name: 'this breaks', run: () => Promise.reject(new Error('broken')) },
  ],
};

test('the table counts, and says below what failed and why', async () => {
  const result = { ...(await runPart(() => part)), seconds: 12.34 };
  const skipped = {
    ...(await runPart(() => ({ name: '2 more', checks: [], skipped: 'not here' }))),
    seconds: 0,
  };
  expect(tableOf([result, skipped])).toBe(`part      checks  passed  failed  seconds
1 things       3       1       2     12.3
2 more         0       0       0      0.0  skipped: not here

1 things: this is wrong
  one
  two
  lines

1 things: this breaks
  broken`);
});

test('a part that was opened is closed', async () => {
  let isOpen = true;
  const close = async () => {
    isOpen = false;
  };
  await runPart(() => ({ ...part, close }));
  expect(isOpen).toBe(false);
});
