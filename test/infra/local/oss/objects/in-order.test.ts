import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder } from '../../../../../infra/local/oss/objects/in-order';
import { compareKeys } from '../../../../../infra/local/oss/store/versions';

test('any keys come as if they had been sorted [documented]', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\uffee', '😀'), maxLength: 5 })),
      (keys) => {
        expect([...inOrder(keys)]).toEqual(keys.toSorted(compareKeys));
      },
    ),
  );
});

test('the first are there before the others are sorted [documented]', () => {
  const keys = Array.from({ length: 10_000 }, (_, number) => String(9999 - number).padStart(4, '0'));
  const taken = inOrder(keys);
  expect([taken.next().value, taken.next().value]).toEqual(['0000', '0001']);
});
