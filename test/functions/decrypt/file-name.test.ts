import { expect, test } from 'vitest';
import { fileNameFor } from '../../../functions/decrypt/file-name';

test.each([
  ['reports/2026.pdf', undefined, '2026.pdf'],
  ['reports/2026.pdf', '年报 "1".pdf', '年报 "1".pdf'],
  ['folder/', undefined, 'folder'],
  ['a', '../../etc/passwd', '.._.._etc_passwd'],
  ['a', 'C:\\x.exe', 'C:_x.exe'],
  ['a', 'line\r\nfeed\u0000\u007f\u0085', 'line__feed___'],
  ['a', 'gpj.\u202eexe', 'gpj._exe'],
  ['a', '\ud800x', '_x'],
  ['a', '📦.zip', '📦.zip'],
  ['a', '..', 'download'],
  ['a', ' . ', 'download'],
  ['a/\u0001', undefined, '_'],
])('%j, wanted %j: %j', (key, wanted, name) => {
  expect(fileNameFor(key, wanted)).toBe(name);
});

test.each([
  [`${'年'.repeat(100)}.pdf`, `${'年'.repeat(83)}.pdf`],
  [`${'年'.repeat(100)}.${'x'.repeat(40)}`, '年'.repeat(85)],
  ['📦'.repeat(70), '📦'.repeat(63)],
])('what file systems do not take is shortened, the extension stays: %s', (wanted, name) => {
  expect(fileNameFor('a', wanted)).toBe(name);
});
