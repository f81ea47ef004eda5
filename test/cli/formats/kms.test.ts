import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recognise } from '../../../cli/formats';
import { plaintextBytes } from '../../../cli/formats/format-tools';
import { kms } from '../../../cli/formats/kms';
import { inputOf, KEY, opening, toolsWith, WRAPPED_KEY } from './inputs';

describe('kms', () => {
  it('gives KMS what the file holds, without line breaks, and yields what KMS returns', async () => {
    const broken = WRAPPED_KEY.replace(/.{64}/g, '$&\r\n');
    for (const file of [WRAPPED_KEY, `${WRAPPED_KEY}\n`, broken]) {
      const { bytes } = await opening(kms.open(inputOf(file), toolsWith()));
      expect(bytes.equals(KEY)).toBe(true);
    }
  });

  it.each([
    ['', 'format-wrong'],
    ['-----BEGIN PRIVATE KEY-----', 'format-wrong'],
    [WRAPPED_KEY.slice(0, -1), 'input-truncated'],
    [WRAPPED_KEY.slice(0, -4), 'cannot-open'],
    ['AAAB==', 'input-truncated'],
    ['AB==', 'format-wrong'],
    ['A'.repeat(20_000), 'format-wrong'],
  ])('%.30s: %s', async (file, code) => {
    expect((await opening(kms.open(inputOf(file), toolsWith()))).code).toBe(code);
  });

  it('is likely where a key version leads, possible where it is only base64, and never certain', async () => {
    const found = await Promise.all(
      [WRAPPED_KEY, Buffer.alloc(90).toString('base64'), 'aGVsbG8='].map((file) =>
        kms.recognise(inputOf(file)),
      ),
    );
    expect(found.map((recognition) => recognition?.sureness)).toEqual(['likely', 'possible', undefined]);
  });
});

describe('what is none of the formats', () => {
  const { vectors } = JSON.parse(readFileSync('test/vectors/envelope-1.json', 'utf8'));
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');

  it.each([
    ['an envelope of our own', Buffer.from(vectors[0].envelope ?? '', 'base64')],
    ['an image', png],
    ['a page of text', readFileSync('README.md')],
    ['nothing', Buffer.alloc(0)],
  ])('%s is recognised as nothing', async (_, content) => {
    expect(await recognise(inputOf(content))).toEqual([]);
  });
});

describe('what Encrypt was given', () => {
  it.each([
    ['aGVsbG8=', 'hello'],
    ['hello', 'hello'],
    ['-----BEGIN KEY-----\nAAAA\n', '-----BEGIN KEY-----\nAAAA\n'],
    ['aGVsbG9=', 'aGVsbG9='],
    ['schlüssel', 'schlüssel'],
  ])('%j is %j', (text, bytes) => {
    expect(plaintextBytes(text).toString()).toBe(bytes);
  });
});
