import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recognise } from '../../../cli/formats';
import { kmsSample } from '../../../cli/formats/kms-sample';
import {
  expectNoChangeToPass,
  expectNoCutToPass,
  expectVectorsToOpen,
  inputOf,
  KEY,
  opening,
  plaintextOf,
  toolsWith,
  type Vector,
  vectorsOf,
  WRAPPED_KEY,
} from './inputs';

const small = vectorsOf('kms-sample').filter(({ size }) => size === 33);

function codeOf(file: string | Buffer) {
  return opening(kmsSample.open(inputOf(file), toolsWith())).then(({ code, message }) => ({ code, message }));
}

describe('kms-sample', () => {
  it('opens what pycryptodome wrote in each of the three generations', async () => {
    await expectVectorsToOpen(kmsSample);
    expect(new Set(vectorsOf('kms-sample').map(({ layout }) => layout)).size).toBe(3);
  });

  it.each(small)('$layout: every changed byte is refused', (vector) =>
    expectNoChangeToPass(kmsSample, vector),
  );

  it.each(small)('$layout: cut anywhere it is refused', (vector) =>
    expectNoCutToPass(kmsSample, vector, vector.file.trimEnd().length),
  );

  it.each(small)(
    '$layout: opens with the line ends of Windows, and with a last one more or less',
    async (vector) => {
      const { file } = vector;
      for (const other of [file.replaceAll('\n', '\r\n'), file.trimEnd(), `${file.trimEnd()}\n`]) {
        const { bytes } = await opening(kmsSample.open(inputOf(other), toolsWith()));
        expect(bytes.equals(plaintextOf(33))).toBe(true);
      }
    },
  );

  it('says which line is wrong or missing', async () => {
    const [blob, nonce, body, tag] = (small[0] as Vector).file.split('\n');
    const named = async (...lines: (string | undefined)[]) => codeOf(lines.join('\n'));
    const as = 'Cannot read the file as kms-sample';
    for (const [answer, code, why] of [
      [await named('!', nonce, body, tag), 'format-wrong', 'line 1 is no base64'],
      [await named(blob, 'AAAA', body, tag), 'format-wrong', 'line 2 is not 12 or 16 bytes in base64'],
      [await named(blob, nonce, 'A', tag), 'format-wrong', 'line 3 is no base64'],
      [await named(blob, nonce, `====${body}`, tag), 'format-wrong', 'line 3 is no base64'],
      [await named(blob, nonce, body, 'AAAA*'), 'format-wrong', 'line 4 is not 16 bytes in base64'],
      [await named(blob, nonce, body, tag, 'more', ''), 'format-wrong', 'it has more than four lines'],
      [await codeOf('A'.repeat(20_000)), 'format-wrong', 'its first two lines are too long'],
      [await named(blob), 'input-truncated', 'it ends in line 1'],
      [await named(blob, nonce), 'input-truncated', 'it ends in line 2'],
      [await named(blob, nonce, body), 'input-truncated', 'line 4, its tag, is missing'],
      [await named(blob, nonce, body, tag?.slice(0, 20)), 'input-truncated', 'line 4 ends in the middle'],
    ] as const) {
      expect(answer).toEqual({ code, message: `${as}: ${why}` });
    }
  });

  it('does not tell a wrong key from a changed byte', async () => {
    const { file } = small[0] as Vector;
    const other = Buffer.from(KEY).fill(1);
    const wrongKey = await opening(kmsSample.open(inputOf(file), toolsWith(other)));
    const noKey = await opening(kmsSample.open(inputOf(file), toolsWith(Buffer.alloc(5))));
    const lines = file.split('\n');
    const changed = await opening(
      kmsSample.open(inputOf(lines.with(3, `${'A'.repeat(22)}==`).join('\n')), toolsWith()),
    );
    expect(wrongKey).toEqual({ bytes: Buffer.alloc(0), code: 'cannot-open', message: changed.message });
    expect([noKey.message, changed.code]).toEqual([changed.message, 'cannot-open']);
  });
});

describe('recognising it', () => {
  it.each(small)(
    '$layout: is certain of the whole file where its end shows, and never of a part',
    async ({ layout, file }) => {
      const [first] = await recognise(inputOf(file));
      const sureness = layout.endsWith('three lines') ? 'likely' : 'certain';
      expect([first?.format.name, first?.recognition.sureness]).toEqual(['kms-sample', sureness]);
      expect(first?.recognition.facts).toMatchObject({
        bytes: 33,
        keyVersionId: 'd537c353-dba4-4ba0-99e0-c38fa2f92929',
      });
      for (let size = 0; size < file.trimEnd().length; size++) {
        const found = await recognise(inputOf(file.slice(0, size)));
        expect(found.filter(({ recognition }) => recognition.sureness === 'certain')).toEqual([]);
      }
    },
  );

  it('is certain of nothing that only looks like it', async () => {
    const base64 = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    const lines = fc.array(fc.oneof(fc.lorem(), base64, fc.string()), { maxLength: 6 });
    const separator = fc.constantFrom('\n', '*---*', '\r\n', '');
    const texts = fc.tuple(lines, separator).map(([parts, between]) => Buffer.from(parts.join(between)));
    const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));
    await fc.assert(
      fc.asyncProperty(fc.oneof(texts, bytes), async (content) => {
        const sure = (await recognise(inputOf(content))).map(({ recognition }) => recognition.sureness);
        expect(sure).not.toContain('certain');
      }),
    );
  });

  it('reads a few KiB of a large file', async () => {
    const [, nonce, , tag] = (small[0] as Vector).file.split('\n');
    const input = inputOf([WRAPPED_KEY, nonce, 'A'.repeat(400_000), tag, ''].join('\n'));
    let read = 0;
    const counted = {
      ...input,
      read: (range: { from: number; to: number }) => {
        read += range.to - range.from;
        return input.read(range);
      },
    };
    expect((await kmsSample.recognise(counted))?.facts.bytes).toBe(300_000);
    expect(read).toBeLessThan(32_768);
  });
});
