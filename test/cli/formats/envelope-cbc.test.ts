import { describe, expect, it } from 'vitest';
import { recognise } from '../../../cli/formats';
import { envelopeCbc } from '../../../cli/formats/envelope-cbc';
import {
  expectNoCutToPass,
  expectVectorsToOpen,
  inputOf,
  KEY,
  opening,
  plaintextOf,
  toolsWith,
  type Vector,
  vectorsOf,
} from './inputs';

const small = vectorsOf('envelope-cbc').find(({ size }) => size === 33) as Vector;

describe('envelope-cbc', () => {
  it('opens what pycryptodome wrote', () => expectVectorsToOpen(envelopeCbc));

  it('is not authenticated, and says so', async () => {
    expect(await envelopeCbc.isAuthenticated(inputOf(small.file))).toBe(false);
    // The first quantum of base64 is of the IV: its bits are those of the plaintext.
    const changed = `x${small.file.slice(1)}`;
    const { bytes, code } = await opening(envelopeCbc.open(inputOf(changed), toolsWith(KEY, small.context)));
    expect([code, bytes.length, bytes.equals(plaintextOf(33))]).toEqual(['opened', 33, false]);
  });

  it('releases nothing where the padding is wrong, and is mute about it', async () => {
    const wrong = toolsWith(Buffer.alloc(32, 5), small.context);
    expect(await opening(envelopeCbc.open(inputOf(small.file), wrong))).toEqual({
      bytes: Buffer.alloc(0),
      code: 'cannot-open',
      message: 'Cannot open the file: it does not verify',
    });
  });

  it('cut anywhere it is refused', () => expectNoCutToPass(envelopeCbc, small, small.file.length));

  it('refuses bytes after its context, and a body that is no whole blocks', async () => {
    const [body = '', ...others] = small.file.split('*---*');
    const files = {
      [`${small.file}x`]: 'format-wrong',
      [[body.slice(4), ...others].join('*---*')]: 'input-truncated',
      [['', ...others].join('*---*')]: 'input-truncated',
      [[`${body.slice(4)}!AAA`, ...others].join('*---*')]: 'format-wrong',
    };
    for (const [file, code] of Object.entries(files)) {
      expect((await opening(envelopeCbc.open(inputOf(file), toolsWith(KEY, small.context)))).code).toBe(code);
    }
  });

  it('is recognised for certain, and so as nothing else', async () => {
    const found = await recognise(inputOf(small.file));
    expect(found.map(({ format, recognition }) => [format.name, recognition.sureness])).toEqual([
      ['envelope-cbc', 'certain'],
    ]);
    expect(found[0]?.recognition.facts).toMatchObject({ algorithm: 'AES-CBC', context: small.context });
  });
});
