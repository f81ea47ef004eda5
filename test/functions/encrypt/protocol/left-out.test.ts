import { expect, test } from 'vitest';
import { explore } from './explore';
import { LEFT_OUT } from './left-out';

test.each(LEFT_OUT)('without: $check', ({ scenario, protocol, violation, trace }) => {
  const found = explore(scenario, protocol);
  expect(found.violation).toBe(violation);
  expect(found.trace).toEqual(trace.trim().replace(/\s+/g, ' ').split('; '));
});
