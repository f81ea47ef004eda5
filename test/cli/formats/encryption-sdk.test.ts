import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encryptionSdk } from '../../../cli/formats/encryption-sdk';
import { encryptionSdkStream } from '../../../cli/formats/encryption-sdk-stream';
import type { FormatTools } from '../../../cli/formats/format';
import { Failure } from '../../../cli/terminal/failure';
import { Fault } from '../../../functions/fault';
import { inputOf, opened, refused } from './bytes-input';
import { type Written, writers } from './encryption-sdk-writer';

type Vector = {
  claim: string;
  layout: 'encryption-sdk' | 'encryption-sdk-stream';
  dataKey: string;
  context: Record<string, string>;
  plaintext: string;
  message: string;
};
type Set = { madeBy: { tool: string }; vectors: Vector[] };

const { sets } = JSON.parse(readFileSync('test/vectors/others-encryption-sdk.json', 'utf8')) as {
  sets: Set[];
};
const formats = { 'encryption-sdk': encryptionSdk, 'encryption-sdk-stream': encryptionSdkStream };
const ARN = 'acs:kms:cn-hangzhou:1234567890123456:key/one';

/** A KMS that accepts everything, and remembers what it was asked. */
function kmsOf(dataKey: Buffer, asked: (string | undefined)[] = []): FormatTools {
  return {
    decrypt: async (_, context) => {
      asked.push(context);
      return Buffer.from(dataKey);
    },
  };
}

function written(changes: Partial<Written> = {}): Written {
  const { algorithm = 2 } = changes;
  return {
    algorithm,
    dataKey: Buffer.alloc(algorithm % 2 === 1 ? 16 : 32, 7),
    dataKeys: [[ARN, Buffer.from('wrapped')]],
    context: [['a', '1']],
    plaintext: Buffer.from('0123456789abcdef0123456789abcdef'),
    ...changes,
  };
}

for (const { madeBy, vectors } of sets) {
  describe(`made by ${madeBy.tool}`, () => {
    test.each(vectors)('$claim', async ({ layout, dataKey, context, plaintext, message }) => {
      const asked: (string | undefined)[] = [];
      const input = inputOf(Buffer.from(message, 'hex'));
      const found = await opened(formats[layout], input, kmsOf(Buffer.from(dataKey, 'hex'), asked));
      expect(found.toString('hex')).toBe(plaintext);
      const contexts = asked.map((text) => (text === undefined ? {} : JSON.parse(text)));
      expect(contexts).toEqual([context]);
      const recognition = await formats[layout].recognise(input);
      expect(recognition?.sureness).toBe('certain');
    });
  });
}

describe.each(['encryption-sdk', 'encryption-sdk-stream'] as const)('%s', (layout) => {
  const [format, write] = [formats[layout], writers[layout]];

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('algorithm %i', async (algorithm) => {
    const dataKeys: Written['dataKeys'] = [
      ['two', Buffer.from('2')],
      [ARN, Buffer.from('1')],
    ];
    for (const length of [0, 16, 48, 3_000_000 / 16]) {
      const message = written({ algorithm, dataKeys, plaintext: randomBytes(length - (length % 16)) });
      const input = inputOf(write(message), undefined, 50_001);
      expect(await format.isAuthenticated(input)).toBe(algorithm <= 2);
      const isPadded = algorithm === 5 || algorithm === 6;
      expect(await format.plaintextSize?.(input)).toBe(isPadded ? undefined : message.plaintext.length);
      expect(message.plaintext.equals(await opened(format, input, kmsOf(message.dataKey)))).toBe(true);
    }
  });

  test('no changed byte of a GCM message is overlooked, and none is released', async () => {
    const message = written();
    const bytes = write(message);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      const { code, released } = await refused(format, inputOf(changed), kmsOf(message.dataKey));
      expect([code, released], `byte ${at}`).toEqual([
        expect.stringMatching(/^(cannot-open|format-wrong|input-truncated|format-unsupported)$/),
        0,
      ]);
    }
  });

  test('no truncation is overlooked, whatever the length', async () => {
    const message = written({ context: [] });
    const bytes = write(message);
    for (let length = 0; length < bytes.length; length += 1) {
      const { code, released } = await refused(
        format,
        inputOf(bytes.subarray(0, length)),
        kmsOf(message.dataKey),
      );
      expect([code, released], `length ${length}`).toEqual([
        expect.stringMatching(/^(cannot-open|input-truncated)$/),
        0,
      ]);
    }
  });

  test('of three MiB with the last byte changed, nothing is released', async () => {
    const message = written({ plaintext: randomBytes(3_145_728) });
    const bytes = write(message);
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    expect(await refused(format, inputOf(bytes), kmsOf(message.dataKey))).toMatchObject({
      code: 'cannot-open',
      released: 0,
    });
  });

  test('without a tag of the body, that of the header is checked all the same', async () => {
    const message = written({ algorithm: 8 });
    const bytes = write(message);
    const changed = Buffer.from(bytes);
    changed.write('two', changed.indexOf('one'));
    expect(await refused(format, inputOf(changed), kmsOf(message.dataKey))).toMatchObject({
      code: 'cannot-open',
      released: 0,
    });
  });

  test('a wrong padding looks like a wrong key', async () => {
    const message = written({ algorithm: 6, plaintext: Buffer.from('hello') });
    const bytes = write(message);
    const ivEnd = bytes.lastIndexOf(Buffer.alloc(16, 0x40)) + 15;
    bytes[ivEnd] = (bytes[ivEnd] ?? 0) ^ 0xff;
    const padding = await refused(format, inputOf(bytes), kmsOf(message.dataKey));
    const key = await refused(format, inputOf(bytes), kmsOf(Buffer.alloc(32)));
    expect(padding).toEqual(key);
  });

  test('a data key of another length opens nothing', async () => {
    const bytes = write(written());
    expect((await refused(format, inputOf(bytes), kmsOf(Buffer.alloc(16, 7)))).code).toBe('cannot-open');
  });

  test('SM4 is refused by name', async () => {
    const input = inputOf(write(written({ algorithm: 10, dataKey: Buffer.alloc(16) })));
    const { code, message } = await refused(format, input, kmsOf(Buffer.alloc(16)));
    expect([code, message]).toEqual(['format-unsupported', expect.stringContaining('SM4-CBC')]);
    await expect(format.isAuthenticated(input)).rejects.toThrow('SM4');
    expect(await format.recognise(input)).toMatchObject({
      sureness: 'certain',
      facts: { algorithm: 'SM4-CBC' },
    });
  });

  test('the next wrapped key is tried where KMS refuses one, and the first refusal told where it refuses all', async () => {
    const message = written({
      dataKeys: [
        ['a', Buffer.from('1')],
        ['b', Buffer.from('2')],
      ],
    });
    const refusing = (accepted: string): FormatTools => ({
      decrypt: async (blob) => {
        if (blob === accepted) return Buffer.from(message.dataKey);
        throw new Fault('kms-refused', `Cannot decrypt ${blob}`);
      },
    });
    const input = inputOf(write(message));
    expect(message.plaintext.equals(await opened(format, input, refusing('Mg==')))).toBe(true);
    expect(await refused(format, input, refusing(''))).toMatchObject({ message: 'Cannot decrypt MQ==' });
  });

  test('of two wrapped keys under one name, the header holds the first', async () => {
    const dataKeys: Written['dataKeys'] = [
      [ARN, Buffer.from('1')],
      [ARN, Buffer.from('2')],
    ];
    const message = written({ dataKeys });
    const found = await opened(format, inputOf(write(message)), kmsOf(message.dataKey));
    expect(found.equals(message.plaintext)).toBe(true);
  });

  const wrong: [string, Partial<Written>][] = [
    ['version 2', { version: 2 }],
    ['algorithm 13', { algorithm: 13, dataKey: Buffer.alloc(16) }],
    ['no wrapped key', { dataKeys: [] }],
    ['a key whose name is no name', { dataKeys: [['\x1b[2J', Buffer.from('1')]] }],
    [
      'a name twice in the context',
      {
        context: [
          ['a', '1'],
          ['a', '2'],
        ],
      },
    ],
    ['a header of 70,000 bytes', { context: [['a', 'x'.repeat(70_000)]] }],
  ];
  test.each(wrong)('%s is not of this format', async (_, changes) => {
    const message = written(changes);
    const input = inputOf(write(message));
    expect((await refused(format, input, kmsOf(message.dataKey))).code).toBe('format-wrong');
    expect(await format.recognise(input)).toBeUndefined();
  });

  test('one that is cut short is likely one', async () => {
    const bytes = write(written());
    for (const length of [60, 100]) {
      expect(await format.recognise(inputOf(bytes.subarray(0, length)))).toMatchObject({
        sureness: 'likely',
      });
    }
  });

  test('whatever is not such a message is not taken for one, and opens nothing', async () => {
    const start = fc.constantFrom('', '30', '3082010d3081e1020101020102', '00000001', '0000000100000002');
    const tail = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(start, tail, async (begin, bytes) => {
        const input = inputOf(Buffer.concat([Buffer.from(begin, 'hex'), bytes]));
        expect((await format.recognise(input))?.sureness).not.toBe('certain');
        const { code, released } = await refused(format, input, kmsOf(Buffer.alloc(32)));
        expect([code, released]).toEqual([expect.stringMatching(/^(format-wrong|input-truncated)$/), 0]);
      }),
      { numRuns: 300 },
    );
  });

  test('a file that cannot be read is not another format', async () => {
    const broken = new Failure('file-changed', 'Cannot read given: it is shorter than it was');
    const input = {
      ...inputOf(write(written())),
      async *read() {
        yield await Promise.reject(broken);
      },
    };
    await expect(format.recognise(input)).rejects.toBe(broken);
  });
});
