import { describe, expect, test } from 'vitest';
import { Fault } from '../../../functions/fault';
import { type OutgoingPart, type Target, transfer } from '../../../functions/transfer/transfer';
import { collect } from '../envelope/pieces';

const lasting = new Fault('oss-refused', 'Cannot store a part: forbidden', 'AccessDenied');

type Multipart = Awaited<ReturnType<Target<string, void>['multipart']>>;

/** A target that keeps word of what was asked of it; any of its answers can be another. */
function targetOf(answers: Partial<Multipart & Target<string, void>> = {}) {
  const asked: string[] = [];
  const upload: Multipart = {
    async part(part) {
      const { number, content, size } = part;
      asked.push(`part ${number}`);
      if (answers.part) return answers.part(part);
      return `${number}:${await collect(content())}:${size}`;
    },
    async complete(parts) {
      asked.push(`complete ${parts.join(' ')}`);
      return answers.complete?.(parts);
    },
    async abort() {
      asked.push('abort');
      return answers.abort?.();
    },
  };
  const target: Target<string, void> = {
    async put(whole) {
      asked.push(`put ${await collect(whole.content())}`);
      return answers.put?.(whole);
    },
    async multipart() {
      asked.push('multipart');
      return answers.multipart?.() ?? upload;
    },
  };
  return { target, asked };
}

function partsOf(...texts: string[]): OutgoingPart[] {
  return texts.map((text, index) => ({ number: index + 1, size: text.length, content: () => letters(text) }));
}

async function* letters(text: string) {
  for (const letter of text) yield Buffer.from(letter);
}

/** Lets everything that can go on without an outside event go on. */
async function settled() {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('a single part', () => {
  test('goes in one call', async () => {
    const { target, asked } = targetOf();
    await transfer(partsOf('abc'), target, 4);
    expect(asked).toEqual(['put abc']);
  });

  test('may be empty', async () => {
    const { target, asked } = targetOf();
    await transfer(partsOf(''), target, 4);
    expect(asked).toEqual(['put ']);
  });

  test('that fails for good is thrown as it is', async () => {
    const { target, asked } = targetOf({ put: () => Promise.reject(lasting) });
    await expect(transfer(partsOf('abc'), target, 4)).rejects.toBe(lasting);
    expect(asked).toEqual(['put abc']);
  });
});

test('a single part of more than 16 MiB is not held in memory: it goes as a part', async () => {
  const { target, asked } = targetOf();
  const size = 16 * 1024 * 1024 + 1;
  await transfer([{ number: 1, size, content: () => letters('abc') }], target, 4);
  expect(asked).toEqual(['multipart', 'part 1', `complete 1:abc:${size}`]);
});

describe('several parts', () => {
  test.each([1, 2, 3, 10])('complete in their order, parallel=%d', async (parallel) => {
    const { target, asked } = targetOf({
      async part({ number, content }) {
        const text = await collect(content());
        for (let turn = number; turn < 4; turn++) await settled();
        return `${number}${text}`;
      },
    });
    await transfer(partsOf('a', 'b', 'c'), target, parallel);
    expect(asked[0]).toBe('multipart');
    expect(asked.at(-1)).toBe('complete 1a 2b 3c');
    expect(asked.length).toBe(5);
  });

  test('a part is given its number, its content and its size', async () => {
    const { target, asked } = targetOf();
    await transfer(partsOf('abc', 'de'), target, 2);
    expect(asked.at(-1)).toBe('complete 1:abc:3 2:de:2');
  });

  test.each([1, 2, 3, 7])('never more than %d at once, and that many', async (parallel) => {
    let [now, most] = [0, 0];
    const { target } = targetOf({
      async part({ number }) {
        most = Math.max(most, ++now);
        for (let turn = 0; turn < 1 + (number % 3); turn++) await settled();
        now--;
        return '';
      },
    });
    await transfer(partsOf(...'abcdefghijklmno'), target, parallel);
    expect(most).toBe(parallel);
  });

  test('an upload that never began is not aborted', async () => {
    const { target, asked } = targetOf({ multipart: () => Promise.reject(lasting) });
    await expect(transfer(partsOf('a', 'b'), target, 2)).rejects.toBe(lasting);
    expect(asked).toEqual(['multipart']);
  });
});

describe('a failure', () => {
  test('of a part: no further one starts, and the upload is aborted', async () => {
    const { target, asked } = targetOf({
      part: ({ number }) => (number === 2 ? Promise.reject(lasting) : Promise.resolve('')),
    });
    await expect(transfer(partsOf('a', 'b', 'c', 'd'), target, 1)).rejects.toBe(lasting);
    expect(asked).toEqual(['multipart', 'part 1', 'part 2', 'abort']);
  });

  test('waits for the parts under way before the upload is aborted', async () => {
    let finish = (_: string) => {};
    const { target, asked } = targetOf({
      part: ({ number }) =>
        number === 2 ? Promise.reject(lasting) : new Promise((resolve) => (finish = resolve)),
    });
    const failed = expect(transfer(partsOf('a', 'b', 'c'), target, 2)).rejects.toBe(lasting);
    await settled();
    expect(asked).toEqual(['multipart', 'part 1', 'part 2']);
    finish('');
    await failed;
    expect(asked).toEqual(['multipart', 'part 1', 'part 2', 'abort']);
  });

  test('of one part in the moment that another is stored: no further one starts', async () => {
    let [fail, finish] = [(_: Fault) => {}, (_: string) => {}];
    const { target, asked } = targetOf({
      part: ({ number }) =>
        new Promise((resolve, reject) => {
          if (number === 1) fail = reject;
          else if (number === 2) finish = resolve;
          else resolve('');
        }),
    });
    const failed = expect(transfer(partsOf('a', 'b', 'c'), target, 2)).rejects.toBe(lasting);
    await settled();
    fail(lasting);
    finish('');
    await failed;
    expect(asked).toEqual(['multipart', 'part 1', 'part 2', 'abort']);
  });

  test('to complete: the upload is aborted', async () => {
    const { target, asked } = targetOf({ complete: () => Promise.reject(lasting) });
    await expect(transfer(partsOf('a', 'b'), target, 2)).rejects.toBe(lasting);
    expect(asked.slice(-2)).toEqual(['complete 1:a:1 2:b:1', 'abort']);
  });

  test('that is followed by a failure to abort names both in its detail', async () => {
    const { target } = targetOf({
      part: () => Promise.reject(lasting),
      abort: () => Promise.reject(new Fault('oss-unavailable', 'Cannot abort the upload: busy')),
    });
    await expect(transfer(partsOf('a', 'b'), target, 2)).rejects.toMatchObject({
      code: 'oss-refused',
      message: lasting.message,
      detail: 'AccessDenied; the upload is left unfinished: Cannot abort the upload: busy',
    });
  });

  test('to abort that was not foreseen is named without its message', async () => {
    const { target } = targetOf({
      part: () => Promise.reject(lasting),
      abort: () => Promise.reject(new Error('https://signed.example/?Signature=secret')),
    });
    const failure: unknown = await transfer(partsOf('a', 'b'), target, 2).catch((error) => error);
    expect(failure).toMatchObject({ detail: 'AccessDenied; the upload is left unfinished: unknown error' });
  });

  test('that was not foreseen is thrown as it is, also when the upload could not be aborted', async () => {
    const unforeseen = new Error('unforeseen');
    const { target, asked } = targetOf({
      part: () => Promise.reject(unforeseen),
      abort: () => Promise.reject(lasting),
    });
    await expect(transfer(partsOf('a', 'b'), target, 1)).rejects.toBe(unforeseen);
    expect(asked).toEqual(['multipart', 'part 1', 'abort']);
  });
});
