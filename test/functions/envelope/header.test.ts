import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Facts,
  factsBytes,
  headerLength,
  PREAMBLE,
  parseHeader,
  rewriteHeader,
  type WrappedKey,
  writeHeader,
} from '../../../functions/envelope/header';
import { HEADER_BLOCK, HEADER_MAX } from '../../../functions/envelope/layout';
import { ruled } from './pieces';
import { factsOf, wrappedKey } from './specimen';

const refused = expect.objectContaining({ code: 'cannot-open', message: 'Cannot open the envelope' });
const sealed = Buffer.from('a sealed message');
const facts = factsOf(5);
const line = JSON.stringify(facts);

type Lines = { facts?: string | Buffer; metadata?: string; keys?: string };

/** A header of other lines, with the preamble and padding that are right for them. */
function headerOf({
  facts = line,
  metadata = sealed.toString('base64'),
  keys = JSON.stringify([wrappedKey]),
}: Lines) {
  const lines = Buffer.concat([
    Buffer.from('facts '),
    Buffer.from(facts),
    Buffer.from(`\nmetadata ${metadata}\nkeys ${keys}\n`),
  ]);
  return framed(lines);
}

function framed(lines: Buffer): Buffer {
  const length = Math.ceil((PREAMBLE + lines.length) / HEADER_BLOCK) * HEADER_BLOCK;
  const header = Buffer.alloc(length, ' ');
  header.write(preamble(length));
  lines.copy(header, PREAMBLE);
  header.write('\n', length - 1);
  return header;
}

function preamble(length: number): string {
  return `oss-envelope/1 ${String(length).padStart(8, '0')}\n`;
}

describe('round trip', () => {
  test('what is written is read', () => {
    const header = writeHeader(factsBytes(facts), sealed, [wrappedKey]);
    expect(header.equals(headerOf({}))).toBe(true);
    const parsed = parseHeader(Buffer.concat([header, Buffer.from('body')]));
    expect(parsed).toMatchObject({ length: 4096, facts, wrappedKeys: [wrappedKey] });
    expect(parsed.factsBytes.equals(factsBytes(facts))).toBe(true);
    expect(parsed.metadata.equals(sealed)).toBe(true);
  });

  test.each([
    '报告/年度.pdf',
    '📦/🗝️',
    'line\nfeed',
    '"quoted"',
    'back\\slash',
    '\u0000\u001f\u007f',
    '\u2028',
    '{}',
  ])('key %j', (key) => {
    const header = writeHeader(factsBytes(factsOf(0, key)), sealed, [wrappedKey]);
    expect(parseHeader(header).facts.vault.key).toBe(key);
    expect(parseHeader(header).facts.inbox.key).toBe(key);
  });

  test('any key of up to 1023 bytes, any size of metadata, one to four wrapped keys', () => {
    const key = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 600 })
      .filter((text) => Buffer.byteLength(text) <= 1023);
    fc.assert(
      fc.property(
        key,
        fc.integer({ min: 1, max: 8192 }),
        fc.integer({ min: 1, max: 4 }),
        (name, bytes, count) => {
          const keys = Array.from({ length: count }, () => wrappedKey);
          const header = writeHeader(factsBytes(factsOf(1, name)), ruled(bytes), keys);
          expect(header.length % HEADER_BLOCK).toBe(0);
          const parsed = parseHeader(header);
          expect(parsed).toMatchObject({ facts: factsOf(1, name), wrappedKeys: keys });
          expect(parsed.metadata.equals(ruled(bytes))).toBe(true);
        },
      ),
    );
  });

  test('at least 1 KiB is left for another wrapped key, and never a block more than that', () => {
    const used = (header: Buffer) => header.lastIndexOf(']') + 2;
    const paddings = Array.from({ length: 1400 }, (_, index) => {
      const header = writeHeader(factsBytes(facts), Buffer.alloc(3 * index + 3), [wrappedKey]);
      expect(parseHeader(header).metadata.length).toBe(3 * index + 3);
      return header.length - used(header);
    });
    expect(Math.min(...paddings)).toBeLessThan(1024 + 4);
    expect(Math.min(...paddings)).toBeGreaterThanOrEqual(1024);
    expect(Math.max(...paddings)).toBeLessThan(1024 + HEADER_BLOCK);
  });

  test('the last block may be filled to its last byte', () => {
    const used = (header: Buffer) => header.lastIndexOf(']') + 2;
    const filled = (eTag: string, bytes: number) => {
      const bytesOfFacts = factsBytes({ ...facts, inbox: { ...facts.inbox, eTag } });
      return writeHeader(bytesOfFacts, Buffer.alloc(bytes), [wrappedKey]);
    };
    const bytes = 3 + Math.floor((HEADER_MAX - 4 - used(filled('e', 3))) / 4) * 3;
    const paddings = [1, 2, 3, 4].map((length) => {
      const header = filled('e'.repeat(length), bytes);
      expect(parseHeader(header).metadata.length).toBe(bytes);
      return header.length - used(header);
    });
    expect(paddings).toEqual([
      paddings[0],
      (paddings[0] ?? 0) - 1,
      (paddings[0] ?? 0) - 2,
      (paddings[0] ?? 0) - 3,
    ]);
    expect(paddings[3]).toBeLessThanOrEqual(4);
  });

  test('with other wrapped keys it is as long as before, and says the same', () => {
    const blob = fc
      .integer({ min: 1, max: 1000 })
      .map((bytes) => Buffer.alloc(bytes, 'b').toString('base64'));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6000 }),
        blob,
        fc.boolean(),
        (bytes, ciphertextBlob, isSecond) => {
          const header = writeHeader(factsBytes(facts), ruled(bytes), [wrappedKey]);
          const other = {
            ...wrappedKey,
            keyArn: 'acs:kms:cn-hangzhou:123456789:key/another',
            ciphertextBlob,
          };
          const keys = isSecond ? [wrappedKey, other] : [other];
          const room = header.length - header.lastIndexOf('keys ');
          if (JSON.stringify(keys).length + 6 > room) {
            expect(() => rewriteHeader(parseHeader(header), keys)).toThrow(
              expect.objectContaining({ code: 'too-large' }),
            );
            return;
          }
          const rewritten = rewriteHeader(parseHeader(header), keys);
          expect(rewritten.length).toBe(header.length);
          const start = header.lastIndexOf('keys ');
          expect(rewritten.subarray(0, start).equals(header.subarray(0, start))).toBe(true);
          expect(parseHeader(rewritten).wrappedKeys).toEqual(keys);
        },
      ),
    );
  });

  test('wrapped keys may use up its last byte, and no more', () => {
    const header = parseHeader(writeHeader(factsBytes(facts), sealed, [wrappedKey]));
    const keys = (triples: number, idLength: number) => [
      {
        ...wrappedKey,
        keyVersionId: 'v'.repeat(idLength),
        ciphertextBlob: Buffer.alloc(3 * triples).toString('base64'),
      },
    ];
    const start = rewriteHeader(header, [wrappedKey]).lastIndexOf('keys ');
    const left = header.length - start - 'keys \n'.length - JSON.stringify(keys(1, 1)).length;
    const [triples, idLength] = [1 + Math.floor(left / 4), 1 + (left % 4)];
    const full = rewriteHeader(header, keys(triples, idLength));
    expect(full.at(-2)).toBe(']'.charCodeAt(0));
    expect(parseHeader(full).wrappedKeys).toEqual(keys(triples, idLength));
    expect(() => rewriteHeader(header, keys(triples, idLength + 1))).toThrow(
      'Cannot write the header: 4097 bytes, the limit is 4096',
    );
  });

  test('metadata that would need more than 64 KiB is too large', () => {
    const most = Buffer.alloc(48_000);
    expect(writeHeader(factsBytes(facts), most, [wrappedKey]).length).toBe(HEADER_MAX);
    expect(() => writeHeader(factsBytes(facts), Buffer.alloc(49_152), [wrappedKey])).toThrow(
      expect.objectContaining({ code: 'too-large', status: 413, remedy: 'final' }),
    );
  });
});

describe('preamble', () => {
  const header = headerOf({});

  test.each([
    preamble(0),
    preamble(4095),
    preamble(4097),
    preamble(8192),
    preamble(HEADER_MAX + HEADER_BLOCK),
    preamble(67_108_864),
    preamble(99_999_999),
    'oss-envelope/1 4096\n    ',
    'oss-envelope/1     4096\n',
    'oss-envelope/1 0x001000\n',
    'oss-envelope/1 -0004096\n',
    'oss-envelope/1 00004096\r',
    'oss-envelope/1 00004096 ',
    'oss-envelope/2 00004096\n',
    'oss-envelope/1\t00004096\n',
    'OSS-envelope/1 00004096\n',
    '\ufeffoss-envelope/1 00004096',
    'oss-envelope/1 ００００',
  ])('%j is refused', (start) => {
    const bytes = Buffer.from(header);
    bytes.write(start);
    expect(() => parseHeader(bytes)).toThrow(refused);
  });

  test.each([4096, 8192, 65_536])('a length of %d is read from the first 24 bytes', (length) => {
    expect(headerLength(Buffer.from(preamble(length)))).toBe(length);
  });

  test('a header cut anywhere is refused', () => {
    for (let length = 0; length < header.length; length++) {
      expect(() => parseHeader(header.subarray(0, length))).toThrow(refused);
    }
  });

  test('a header that says it ends before its lines do is refused', () => {
    const long = writeHeader(factsBytes(facts), Buffer.alloc(6000), [wrappedKey]);
    long.write(preamble(4096));
    expect(() => parseHeader(long)).toThrow(refused);
  });
});

describe('facts', () => {
  const { vault, inbox } = facts;
  const strict: [string, string | Buffer][] = [
    ['a name twice', line.replace('"sealedAt"', '"algorithm":"cobblestone-256","sealedAt"')],
    ['a nested name twice', line.replace('"size":5', '"size":6,"size":5')],
    ['an unknown field', line.replace('{', '{"more":1,')],
    ['an unknown nested field', line.replace('"size":5', '"size":5,"more":1')],
    ['a missing field', line.replace(',"size":5', '')],
    ['another order', JSON.stringify({ vault, algorithm: facts.algorithm, inbox, sealedAt: facts.sealedAt })],
    ['white space between', line.replace(',', ', ')],
    ['white space before', ` ${line}`],
    ['white space after', `${line} `],
    ['a tab after', `${line}\t`],
    ['CRLF', `${line}\r`],
    ['a line feed within', line.replace(',', ',\n')],
    ['an escape where none is needed', line.replace('reports', String.raw`\u0072eports`)],
    ['an escaped solidus', line.replaceAll('/2026', String.raw`\/2026`)],
    ['1e3', line.replace('"size":5', '"size":1e3')],
    ['5.0', line.replace('"size":5', '"size":5.0')],
    ['-0', line.replace('"size":5', '"size":-0')],
    ['a negative size', line.replace('"size":5', '"size":-5')],
    ['a size as text', line.replace('"size":5', '"size":"5"')],
    ['a size above the largest', line.replace('"size":5', '"size":48800000000001')],
    ['a huge number', line.replace('"size":5', `"size":${'9'.repeat(2000)}`)],
    ['1e999', line.replace('"size":5', '"size":1e999')],
    ['20,000 levels of arrays', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['20,000 levels of objects', `${'{"a":'.repeat(12_000)}1${'}'.repeat(12_000)}`],
    ['20,000 levels that never end', '['.repeat(20_000)],
    ['levels within a field', line.replace('"size":5', `"size":${'['.repeat(20_000)}${']'.repeat(20_000)}`)],
    ['a lone surrogate', line.replaceAll('reports', String.raw`\ud800`)],
    ['invalid UTF-8', Buffer.from(line.replaceAll('reports', '\u00ff'), 'latin1')],
    ['a surrogate as UTF-8', Buffer.from(line.replaceAll('reports', '\u00ed\u00a0\u0080'), 'latin1')],
    ['a byte order mark', `\ufeff${line}`],
    ['another algorithm', line.replace('cobblestone-256', 'cobblestone-128')],
    ['no algorithm', line.replace('"algorithm":"cobblestone-256",', '')],
    ['an empty key', line.replaceAll('reports/2026.txt', '')],
    ['a key of 1024 bytes', line.replaceAll('reports/2026.txt', 'k'.repeat(1024))],
    ['a bucket in capitals', line.replace('the-vault', 'The-Vault')],
    ['a bucket with a path', line.replace('the-vault', 'the/vault')],
    ['a moment without milliseconds', line.replace('04.567Z', '04Z')],
    ['a moment that never was', line.replace('2026-11-21T01:02:04', '2026-02-30T01:02:04')],
    ['a moment of the year 0', line.replace('2026-11-21T01:02:04', '0000-11-21T01:02:04')],
    ['fractions of a second in lastModified', line.replace('03.000Z', '03.001Z')],
    ['a version id with a space', line.replace('CAEQ', 'CAE ')],
    ['a file with an eTag of OSS', line.replace('the-inbox', 'local-file').replace(/CAEQ[^"]*/, 'none')],
    ['a file with a version', line.replace('the-inbox', 'local-file').replace(inbox.eTag, 'none')],
    ['NaN', line.replace('"size":5', '"size":NaN')],
    ['null', 'null'],
    ['nothing', ''],
    ['an array', `[${line}]`],
    ['two documents', line + line],
  ];

  test.each(strict)('%s: refused', (_, written) => {
    expect(Buffer.from(written).equals(Buffer.from(line))).toBe(false);
    expect(() => parseHeader(headerOf({ facts: written }))).toThrow(refused);
  });

  test.each(['none', 'f'.repeat(64)])('a file with the eTag %s is read', (eTag) => {
    const file = { ...facts, inbox: { ...inbox, bucket: 'local-file', eTag, versionId: 'none' } };
    expect(parseHeader(headerOf({ facts: JSON.stringify(file) })).facts).toEqual(file);
  });

  test.each([0, 5, 48_800_000_000_000])('size=%d is read', (size) => {
    const read: Facts = parseHeader(headerOf({ facts: JSON.stringify(factsOf(size)) })).facts;
    expect(read.inbox.size).toBe(size);
  });
});

describe('wrapped keys', () => {
  const keyed = (change: object): string => JSON.stringify([{ ...wrappedKey, ...change }]);
  const blob = 'ciphertextBlob';

  test.each([
    ['none', '[]'],
    ['five', JSON.stringify(Array.from({ length: 5 }, () => wrappedKey))],
    ['an object', JSON.stringify(wrappedKey)],
    ['null among them', '[null]'],
    ['another provider', keyed({ provider: 'aws-kms' })],
    ['an unknown field', keyed({ more: 1 })],
    ['a field missing', keyed({ region: undefined })],
    ['a name twice', keyed({}).replace('"region"', '"region":"cn-beijing","region"')],
    ['no base64', keyed({ [blob]: '***' })],
    ['base64 without its padding', keyed({ [blob]: 'YWI' })],
    ['base64 with padding too many', keyed({ [blob]: 'YWJj=' })],
    ['base64 with loose last bits', keyed({ [blob]: 'YWJ=' })],
    ['base64 of the URL alphabet', keyed({ [blob]: '_-_-' })],
    ['base64 with a space', keyed({ [blob]: 'YW Jj' })],
    ['an empty blob', keyed({ [blob]: '' })],
    ['a blob above 8192 characters', keyed({ [blob]: 'A'.repeat(8196) })],
    [
      'another order',
      JSON.stringify([{ ...wrappedKey }]).replace(
        /"provider":"alibaba-kms",("region":"[^"]*")/,
        '$1,"provider":"alibaba-kms"',
      ),
    ],
    [
      'a name twice in the second',
      `[${keyed({}).slice(1, -1)},${keyed({}).slice(1, -2)},"region":"cn-hangzhou"}]`,
    ],
    ['white space', keyed({}).replace(',', ', ')],
  ])('%s: refused', (_, keys) => {
    expect(() => parseHeader(headerOf({ keys }))).toThrow(refused);
  });

  const arn = (region: string, account = '1', id = 'k') => `acs:kms:${region}:${account}:key/${id}`;

  test.each([
    ['cn-beijing', arn('cn-hangzhou')],
    ['cn-hangzhou', arn('cn-hangzhou.evil.example')],
    ...[
      'evil.example/',
      'evil.example#',
      'a:b',
      'a@b',
      'cn_hangzhou',
      'CN',
      'cn\n',
      'ｃｎ',
      '',
      'c'.repeat(64),
    ].map((region) => [region, arn(region)]),
    ...['', 'a', '-1', '１', '1'.repeat(21)].map((account) => ['cn', arn('cn', account)]),
    ...['', 'k/k', 'k k', 'k:k', 'k.k', 'k\n', '"', 'é', 'k'.repeat(129)].map((id) => [
      'cn',
      arn('cn', '1', id),
    ]),
    ['cn', 'acs:kms:cn:1:alias/k'],
    ['cn', 'acs:ram:cn:1:key/k'],
    ['cn', ` ${arn('cn')}`],
    ['cn', `${arn('cn')}\n`],
  ])('region %j, ARN %j: refused', (region, keyArn) => {
    expect(() => parseHeader(headerOf({ keys: keyed({ region, keyArn }) }))).toThrow(refused);
  });

  test.each([1, 2, 3, 4])('%d are read, in their order', (count) => {
    const keys: WrappedKey[] = Array.from({ length: count }, (_, index) => ({
      ...wrappedKey,
      region: `cn-${index}`,
      keyArn: arn(`cn-${index}`, '9'.repeat(20), 'k-_Z'.repeat(32)),
    }));
    expect(parseHeader(headerOf({ keys: JSON.stringify(keys) })).wrappedKeys).toEqual(keys);
  });
});

describe('lines and padding', () => {
  test.each(['', '*', 'YWI', 'YWJ=', 'YWJj\r', ' YWJj', 'YWJj ', 'YW-_'])(
    'metadata %j: refused',
    (metadata) => {
      expect(() => parseHeader(headerOf({ metadata }))).toThrow(refused);
    },
  );

  const [facts = '', metadata = '', keys = ''] = headerOf({}).toString('utf8', PREAMBLE).split('\n');

  test.each([
    ['another order', [metadata, facts, keys]],
    ['no metadata', [facts, keys]],
    ['no keys', [facts, metadata]],
    ['facts twice', [facts, facts, metadata, keys]],
    ['keys twice', [facts, metadata, keys, keys]],
    ['a line of another name', [facts, metadata, keys, 'note a']],
    ['an empty line', [facts, '', metadata, keys]],
    ['names in capitals', [facts.replace('facts', 'Facts'), metadata, keys]],
    ['a tab after a name', [facts.replace(' ', '\t'), metadata, keys]],
    ['CRLF', [`${facts}\r`, `${metadata}\r`, `${keys}\r`]],
    ['nothing', []],
  ])('%s: refused', (_, lines) => {
    expect(() => parseHeader(framed(Buffer.from(lines.map((text) => `${text}\n`).join(''))))).toThrow(
      refused,
    );
  });

  test('padding of anything but spaces and the last line feed is refused', () => {
    const header = headerOf({});
    const start = header.lastIndexOf('}') + 3;
    for (const [at, byte] of [start, 3000, 4094, 4095].flatMap((at) =>
      ['\t', '\0', '\n', ' ', 'x'].map((byte) => [at, byte] as const),
    )) {
      const changed = Buffer.from(header);
      changed.write(byte, at, 'latin1');
      if (!changed.equals(header)) expect(() => parseHeader(changed)).toThrow(refused);
    }
  });

  test('a key that is wrapped anew and shorter leaves the length of the header as it was', () => {
    const header = headerOf({});
    const longer = Buffer.concat([header, Buffer.alloc(HEADER_BLOCK, ' ')]);
    longer.write(preamble(8192));
    longer.write(' ', 4095);
    longer.write('\n', 8191);
    expect(parseHeader(longer)).toMatchObject({ length: 8192, wrappedKeys: parseHeader(header).wrappedKeys });
  });
});
