import { describe, expect, it } from 'vitest';
import { formatNamed, recognise } from '../../../cli/formats';
import type { FormatName } from '../../../cli/formats/format';
import { inputOf, KEY, opening, plaintextOf, toolsWith, type Vector, vectorsOf, WRAPPED_KEY } from './inputs';

/** What becomes of a file in editors, mail and shells, and what is said of it. */
type Change = [what: string, change: (file: string) => string, skipped: string[]];

const MARK = Buffer.from('\ufeff').toString('latin1');
const wrapped = (text: string, width: number, end = '\n') =>
  text.replace(new RegExp(`[A-Za-z0-9+/=]{${width}}(?=[A-Za-z0-9+/=])`, 'g'), `$&${end}`);
/** The longest text of base64 is the ciphertext: line 3, or the first field. */
const inCiphertext = (file: string, change: (text: string) => string) => {
  const fields = file.split(/(\n|\*---\*)/);
  const at = file.includes('*---*') ? 0 : 4;
  return fields.with(at, change(fields[at] ?? '')).join('');
};

const everywhere: Change[] = [
  ['a byte order mark', (file) => MARK + file, ['a byte order mark']],
  ['base64 wrapped at 76', (file) => inCiphertext(file, (text) => wrapped(text, 76)), ['line breaks']],
  [
    'wrapped for mail',
    (file) => inCiphertext(file, (text) => wrapped(text, 64, ' \r\n')),
    ['spaces', 'line breaks'],
  ],
];

const ofLines: Change[] = [
  ...everywhere,
  ['line ends of Windows', (file) => file.replaceAll('\n', '\r\n'), []],
  ['line ends of old Macs', (file) => file.replaceAll('\n', '\r'), []],
  ['a blank line at the end', (file) => `${file.trimEnd()}\n\n`, ['blank lines']],
  ['many at the end, with spaces', (file) => `${file.trimEnd()}\n \r\n\n\t\n`, ['blank lines', 'spaces']],
  ['blank lines before', (file) => `\n\n${file}`, ['blank lines']],
  ['blank lines after line 1', (file) => file.replace('\n', '\n\n'), ['blank lines']],
  ['spaces at line ends', (file) => `${file.trimEnd().replaceAll('\n', ' \t\n')} `, ['spaces']],
  ['spaces before lines', (file) => file.replaceAll(/^(?=.)/gm, '  '), ['spaces']],
  ['every line wrapped', (file) => wrapped(file, 76), ['line breaks']],
  [
    'all of it',
    (file) => `${MARK}\n${wrapped(file, 76, ' \r\n').trimEnd()}\n\n`,
    ['a byte order mark', 'blank lines', 'line breaks', 'spaces'],
  ],
];

const ofFields: Change[] = [
  ...everywhere,
  ['a line break at the end', (file) => `${file}\n`, []],
  ['blank lines at the end', (file) => `${file}\r\n\r\n`, ['line breaks']],
  ['blank lines before', (file) => `\n${file}`, ['line breaks']],
  [
    'fields on lines of their own',
    (file) => file.replaceAll('*---*', ' \n*---*\n'),
    ['spaces', 'line breaks'],
  ],
  ['every field wrapped', (file) => file.replace(/^[^{]*/, (fields) => wrapped(fields, 20)), ['line breaks']],
];

/** Python's b64decode passes over them. */
const others: Change = [
  'characters that are not of base64',
  (file) => inCiphertext(file, (text) => `${text.slice(0, 5)}!\0-${text.slice(5, 20)}\x1a${text.slice(20)}?`),
  ['characters that are not of base64'],
];

const changes: Record<string, Change[]> = {
  'kms-sample EAX': [...ofLines, others],
  'kms-sample GCM': [...ofLines, others],
  'kms-sample GCM, three lines': ofLines,
  'envelope-cbc': ofFields,
  'envelope-gcm GCM': [...ofFields, others],
  'envelope-gcm EAX': [...ofFields, others],
};

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

async function opened({ format: name, size, context }: Vector, file: string, pieceBytes: number) {
  const format = formatNamed(name as FormatName);
  if (!format) throw new Error(`Cannot test: no ${name}`);
  const skipped = new Set<string>();
  const input = inputOf(latin1(file), pieceBytes);
  const { code, bytes, message } = await opening(format.open(input, { ...toolsWith(KEY, context), skipped }));
  const told = code === 'opened' ? ((await format.plaintextSize?.(input)) ?? size) : 0;
  return { told, code, message, isSame: bytes.equals(plaintextOf(size)), skipped: [...skipped].sort() };
}

describe.each(Object.entries(changes))('%s', (layout, rows) => {
  const vectors = vectorsOf(layout.split(' ')[0] ?? '').filter((vector) => vector.layout === layout);

  it.each(rows)('opens with %s', async (_, change, skipped) => {
    for (const vector of vectors.filter(({ size }) => size >= 255)) {
      for (const pieceBytes of [7, 65_536]) {
        const { told, ...found } = await opened(vector, change(vector.file), pieceBytes);
        const expected = { code: 'opened', message: '', isSame: true, skipped: [...skipped].sort() };
        expect([found, told]).toEqual([expected, vector.size]);
      }
    }
  });

  it('opens so at every small size', async () => {
    const small = vectors.filter(({ size }) => size < 255);
    for (const vector of small) {
      for (const [what, change] of rows.filter(([name]) => !name.startsWith('characters'))) {
        const { code, isSame, told } = await opened(vector, change(vector.file), 65_536);
        expect({ size: vector.size, what, code, isSame, told }).toEqual({
          ...{ size: vector.size, what, code: 'opened', isSame: true, told: vector.size },
        });
      }
    }
  });

  it('is recognised as it was, and inspect says what it passed over', async () => {
    const [vector] = vectors.filter(({ size }) => size === 255);
    if (!vector) throw new Error('Cannot test: no such vector');
    const [whole] = await recognise(inputOf(vector.file));
    const marked = await recognise(inputOf(latin1(`${MARK}${wrapped(vector.file, 100)}`)));
    const { format, recognition } = marked[0] ?? {};
    expect([format?.name, recognition?.sureness]).toEqual([whole?.format.name, whole?.recognition.sureness]);
    expect(recognition?.facts.skipped).toContain('a byte order mark');
  });
});

describe('what changes the plaintext, or may', () => {
  const [cbc] = vectorsOf('envelope-cbc').filter(({ size }) => size === 255);
  const [sample] = vectorsOf('kms-sample').filter(({ size }) => size === 255);
  const [java] = vectorsOf('kms-sample').filter(
    ({ layout, size }) => layout.endsWith('lines') && size === 255,
  );

  it('is refused: where nothing proves what remains, what is not of base64 is not passed over', async () => {
    if (!cbc || !java) throw new Error('Cannot test: no such vectors');
    for (const vector of [cbc, java]) {
      const { code, isSame } = await opened(vector, others[1](vector.file), 65_536);
      expect([code, isSame]).toEqual(['format-wrong', false]);
    }
  });

  it('is refused: padding in the middle, and an end within four characters', async () => {
    if (!sample) throw new Error('Cannot test: no such vector');
    for (const change of [(text: string) => `AA==\n${text}`, (text: string) => `${text} A`]) {
      const { code } = await opened(sample, inCiphertext(sample.file, change), 65_536);
      expect(code).toBe('format-wrong');
    }
  });

  it('is refused: a tag that is missing, whatever blank lines there are', async () => {
    if (!sample) throw new Error('Cannot test: no such vector');
    const cut = sample.file.trimEnd().split('\n').slice(0, 3).join('\n');
    for (const file of [`${cut}\n\n\n`, `${MARK}${cut} \n`]) {
      const { code, message } = await opened(sample, file, 65_536);
      expect([code, message]).toEqual([
        'input-truncated',
        'Cannot read the file as kms-sample: line 4, its tag, is missing',
      ]);
    }
  });
});

describe('kms', () => {
  const answer = {
    CiphertextBlob: WRAPPED_KEY,
    KeyId: 'd537c353-dba4-4ba0-99e0-c38fa2f92929',
    RequestId: 'ü',
  };
  const json = `${JSON.stringify(answer, null, '\t')}\n`;
  const around = 'the JSON around the ciphertext';

  const texts: [what: string, file: Buffer, skipped: string[]][] = [
    ['the text alone', Buffer.from(`${WRAPPED_KEY}\r\n`), []],
    ['a byte order mark', Buffer.from(`\ufeff${WRAPPED_KEY}`), ['a byte order mark']],
    ['blank lines and spaces', Buffer.from(`\n ${WRAPPED_KEY} \n\n`), ['spaces', 'line breaks']],
    ['lines of 64', Buffer.from(wrapped(WRAPPED_KEY, 64, '\r\n')), ['line breaks']],
    ['what aliyun kms Encrypt prints', Buffer.from(json), [around]],
    ['the same in one line', Buffer.from(JSON.stringify(answer)), [around]],
    [
      'the same for Windows',
      Buffer.from(`\ufeff${json.replaceAll('\n', '\r\n')}`),
      ['a byte order mark', around],
    ],
    ['the same by PowerShell', Buffer.from(`\ufeff${json}`, 'utf16le'), ['a byte order mark', around]],
    ['the one text of --cli-query', Buffer.from(`"${WRAPPED_KEY}"\n`), [around]],
  ];

  it.each(texts)('opens %s', async (_, file, expected) => {
    const skipped = new Set<string>();
    const format = formatNamed('kms');
    const { bytes, code } = await opening(
      format?.open(inputOf(file), { ...toolsWith(), skipped }) ?? inputOf('').read({ from: 0, to: 0 }),
    );
    expect([code, bytes.equals(KEY), [...skipped]]).toEqual(['opened', true, expected]);
    const [first] = await recognise(inputOf(file));
    expect([first?.format.name, first?.recognition.sureness]).toEqual(['kms', 'likely']);
    expect(first?.recognition.facts.skipped ?? '').toBe(expected.join(', '));
  });

  it.each([
    ['{"KeyId": "a"}', 'format-wrong', 'it is JSON without a CiphertextBlob'],
    ['{"CiphertextBlob": 5}', 'format-wrong', 'it is JSON without a CiphertextBlob'],
    ['{"CiphertextBlob": "!"}', 'format-wrong', 'it is not base64'],
    ['{CiphertextBlob}', 'format-wrong', 'it is JSON without a CiphertextBlob'],
    ['words are no base64 at all, nor one long word', 'format-wrong', 'it is not base64'],
    [json.slice(0, 200), 'input-truncated', 'its JSON ends in the middle'],
  ])('%.20s is refused: %s', async (file, code, why) => {
    const format = formatNamed('kms');
    const refused = await opening(
      format?.open(inputOf(file), toolsWith()) ?? inputOf('').read({ from: 0, to: 0 }),
    );
    expect([refused.code, refused.message]).toEqual([code, `Cannot read the file as kms: ${why}`]);
  });
});
