import { expect, test } from 'vitest';
import { encryptionSdk } from '../../../cli/formats/encryption-sdk';
import { inputOf, refused } from './bytes-input';
import { der, integer, octets, parts, sequence, type Written } from './encryption-sdk-writer';

const message: Written = {
  algorithm: 2,
  dataKey: Buffer.alloc(32, 7),
  dataKeys: [['key', Buffer.from('wrapped')]],
  context: [['a', '1']],
  plaintext: Buffer.from('hello'),
};
const { head, body } = parts(message);
const whole = sequence(sequence(...head), body);
const [version = whole, algorithm = whole, ...rest] = head;
const kms = { decrypt: async () => Buffer.from(message.dataKey) };

/** The same element with an end mark instead of a length. */
function indefinite(element: Buffer): Buffer {
  const length = element[1] ?? 0;
  const content = element.subarray(length < 0x80 ? 2 : 2 + length - 0x80);
  return Buffer.concat([element.subarray(0, 1), Buffer.from([0x80]), content, Buffer.alloc(2)]);
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

const cases: [string, Buffer][] = [
  ['a byte after the end', Buffer.concat([whole, Buffer.alloc(1)])],
  ['an indefinite length of the whole', indefinite(whole)],
  ['an indefinite length of the head', sequence(indefinite(sequence(...head)), body)],
  ['a length that could be shorter', sequence(sequence(bytesOf('02810101'), algorithm, ...rest), body)],
  ['a length with a leading zero', Buffer.concat([bytesOf('308300'), whole.subarray(2)])],
  ['a length of seven bytes', Buffer.concat([bytesOf('308701000000000000'), whole])],
  ['a third part', sequence(sequence(...head), body, octets('x'))],
  ['a seventh field of the head', sequence(sequence(...head, octets('x')), body)],
  ['a head without its last field', sequence(sequence(...head.slice(0, -1)), body)],
  ['a body without a tag', sequence(sequence(...head), sequence(octets('x'), octets('y')))],
  ['no body', sequence(sequence(...head))],
  ['a head that is longer than the whole', sequence(bytesOf('30847f000000'), body)],
  ['an integer of two bytes', sequence(sequence(der(0x02, bytesOf('0001')), algorithm, ...rest), body)],
  ['a negative integer', sequence(sequence(integer(0x81), algorithm, ...rest), body)],
  ['a version that is text', sequence(sequence(octets('1'), algorithm, ...rest), body)],
  ['a certificate', sequence(sequence(der(0xa0, integer(2)), integer(1)), body)],
  ['a private key', sequence(integer(0), sequence(...head))],
  ['a set where a sequence is', der(0x31, sequence(version, algorithm, ...rest), body)],
];
test.each(cases)('%s', async (_, bytes) => {
  const { code, released } = await refused(encryptionSdk, inputOf(bytes), kms);
  expect([code, released]).toEqual(['format-wrong', 0]);
});
