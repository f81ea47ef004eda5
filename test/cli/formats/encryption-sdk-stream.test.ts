import { expect, test } from 'vitest';
import { encryptionSdk } from '../../../cli/formats/encryption-sdk';
import { encryptionSdkStream } from '../../../cli/formats/encryption-sdk-stream';
import { inputOf, refused } from './bytes-input';
import { type Written, writers } from './encryption-sdk-writer';

const message: Written = {
  algorithm: 2,
  dataKey: Buffer.alloc(32, 7),
  dataKeys: [['key', Buffer.from('wrapped')]],
  context: [['a', '1']],
  plaintext: Buffer.from('hello'),
};
const whole = writers['encryption-sdk-stream'](message);
const kms = { decrypt: async () => Buffer.from(message.dataKey) };

function changed(at: number, ...bytes: number[]): Buffer {
  const copy = Buffer.from(whole);
  copy.set(bytes, at);
  return copy;
}

const ivLength = whole.indexOf(Buffer.alloc(12, 0x40)) - 4;
const blob = whole.indexOf(Buffer.from('wrapped').toString('base64'));

test.each([
  ['the length of the IV is little-endian, of all', changed(ivLength, 0, 0, 0, 12)],
  ['the length of the IV is that of the algorithm', changed(ivLength, 11)],
  ['a context is as long as it says', changed(11, 15)],
  ['a wrapped key is base64', changed(blob, 0x2d)],
  ['a field that is longer than a header can be is none', changed(8, 0xff, 0xff, 0xff, 0xff)],
])('%s', async (_, bytes) => {
  const { code, released } = await refused(encryptionSdkStream, inputOf(bytes), kms);
  expect([code, released]).toEqual(['format-wrong', 0]);
});

test('a byte after the end is taken for the tag', async () => {
  const longer = Buffer.concat([whole, Buffer.alloc(1)]);
  expect(await refused(encryptionSdkStream, inputOf(longer), kms)).toMatchObject({
    code: 'cannot-open',
    released: 0,
  });
});

test('neither layout is taken for the other', async () => {
  expect(await encryptionSdk.recognise(inputOf(whole))).toBeUndefined();
  expect(await encryptionSdkStream.recognise(inputOf(writers['encryption-sdk'](message)))).toBeUndefined();
});
