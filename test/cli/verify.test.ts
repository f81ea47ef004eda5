import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runsOf } from '../../cli/commands/verify/check';
import { lookAtStart } from '../../cli/envelope/look-at';
import { openSealed } from '../../cli/envelope/open-sealed';
import { sealFile } from '../../cli/envelope/seal-file';
import type { Location } from '../../cli/files/location';
import { createSession, type Session } from '../../cli/session/session';
import { collect } from '../../functions/cloud/pieces';
import { parseHeader } from '../../functions/envelope/header';
import type { Range } from '../../functions/envelope/layout';
import { VAULT } from '../../infra/run/deployment';
import { linesOf, ossEnvelope, type Running } from './command';
import { type SmallCloud, startSmallCloud } from './small-cloud';

const COUNT = 120;
const BAD = 77;
const SIZE = 100;

let small: SmallCloud;
let folder: string;
let session: Session;
const names = Array.from({ length: COUNT }, (_, index) => `${index}.sealed`);

beforeAll(async () => {
  small = await startSmallCloud();
  folder = join(small.folder, 'files');
  await mkdir(folder);
  const [, , data = ''] = await small.options();
  session = await createSession(
    { local: true, data, env: '/dev/null', color: false },
    new AbortController().signal,
  );
  for (const name of names) {
    await writeFile(join(folder, name), await envelopeFor({ bucket: 'local-file', key: name }, SIZE));
  }
  await change(join(folder, `${BAD}.sealed`), 4096 + 60);
});
afterAll(() => small.close());

async function envelopeFor(place: Location, size: number): Promise<Buffer> {
  async function* content() {
    yield Buffer.alloc(size, 'secret');
  }
  const source = { name: 'some', size, modifiedAt: new Date(), content };
  return collect((await sealFile(session, source, { place, keyId: small.keyArn })).content());
}

async function change(path: string, at: number): Promise<void> {
  await writeFile(path, changed(await readFile(path), at));
}

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

async function verify(argv: string[], running: Running = {}) {
  const options = await small.options('opener');
  return ossEnvelope([...options, '--json', 'verify', '--trust-key', small.keyArn, ...argv], {
    cwd: folder,
    ...running,
  });
}

test('of many, the one that is bad is named and the others are vouched for', async () => {
  const before = small.calls.length;
  const list = Buffer.from(names.join('\n'));
  const ended = await verify(['--list', '-', '--parallel', '8'], { stdin: list });
  const lines = linesOf(ended);
  expect(lines.filter(({ ok }) => ok === false)).toEqual([
    expect.objectContaining({
      name: `${BAD}.sealed`,
      ok: false,
      code: 'cannot-open',
      detail: 'tag of chunk 0',
    }),
  ]);
  const totals = { total: COUNT, ok: COUNT - 1, failed: 1, bytes: (COUNT - 1) * SIZE };
  expect([ended.code, lines.at(-1)]).toEqual([3, totals]);
  expect(new Set(small.calls.slice(before).map(({ operation }) => operation))).toEqual(new Set(['Decrypt']));
});

test('what is under a prefix, current or ever; a sample finds what it looks at', async () => {
  const key = (name: string) => ({ bucket: VAULT, key: `kept/${name}` });
  const large = await envelopeFor(key('large'), 40 * 16_384);
  const end = 4096 + 56 + 40 * 16_400 + 4;
  await small.vault.put('kept/large', changed(large, end), {});
  await small.vault.put('kept/large', large, {});
  await small.vault.put('kept/small', await envelopeFor(key('small'), 0), {});
  await small.vault.put('kept/moved', large, {});
  const prefix = ['--prefix', `oss://${VAULT}/kept/`];
  const [current, ever, nothing, one] = await Promise.all([
    verify([...prefix]),
    verify([...prefix, '--versions', '--sample', '1']),
    verify(['--prefix', `oss://${VAULT}/none/`]),
    verify([`oss://${VAULT}/kept/moved`]),
  ]);
  expect([current.code, linesOf(current).at(-1)]).toMatchObject([3, { total: 3, ok: 2, failed: 1 }]);
  expect(linesOf(current).find(({ code }) => code)).toMatchObject({
    name: `oss://${VAULT}/kept/moved`,
    code: 'place-differs',
  });
  expect([ever.code, linesOf(ever).at(-1)]).toMatchObject([3, { total: 4, ok: 2, failed: 2 }]);
  expect(linesOf(ever).find(({ bytes, name }) => bytes && name)).toMatchObject({
    chunks: 3,
    ofChunks: 41,
    bytes: 2 * 16_384,
  });
  expect([nothing.code, one.code]).toEqual([1, 4]);
});

test('a list as Windows writes it; a line that is not UTF-8 is one that failed, and no file of another name', async () => {
  await writeFile(join(folder, '\ufffd.sealed'), await readFile(join(folder, '3.sealed')));
  const stdin = Buffer.from('\xef\xbb\xbf1.sealed\r\n\r\n\xf6.sealed\r\n2.sealed', 'latin1');
  const ended = await verify(['--list', '-', '--parallel', '1'], { stdin });
  const lines = linesOf(ended);
  expect(lines.map(({ name, ok, code }) => [name, ok, code])).toEqual([
    ['1.sealed', true, undefined],
    ['\ufffd.sealed', false, 'file-unreadable'],
    ['2.sealed', true, undefined],
    [undefined, 2, undefined],
  ]);
  expect(lines[1]).toMatchObject({ message: 'Cannot read line 3 of standard input: it is not UTF-8' });
});

test('each flipped bit of the wrapped keys is refused, by the form, the list or KMS, but for the free ones', async () => {
  const whole = await envelopeFor({ bucket: VAULT, key: 'flipped' }, SIZE);
  const { length, wrappedKeys } = parseHeader(whole);
  const opens = async (at: number, mask: number) => {
    const bytes = Buffer.from(whole);
    bytes.writeUInt8(bytes.readUInt8(at) ^ mask, at);
    const read = async function* ({ from, to }: Range) {
      yield bytes.subarray(from, to);
    };
    const looked = () => lookAtStart(bytes, { size: bytes.length });
    const opening = async () => openSealed(session, { size: bytes.length, read }, looked(), [small.keyArn]);
    return opening().then(
      () => true,
      () => false,
    );
  };
  const opened: number[] = [];
  const blob = whole.indexOf('ciphertextBlob":"') + 'ciphertextBlob":"'.length;
  // Of the blob a byte in nine: each is a call of KMS.
  for (let at = whole.indexOf('\nkeys ') + 1; at <= whole.lastIndexOf(']', length); at += at < blob ? 1 : 9) {
    const flips = [1, 2, 4, 8, 16, 32, 64, 128].map((mask) => opens(at, mask));
    for (const isOpen of await Promise.all(flips)) if (isOpen) opened.push(at);
  }
  const [{ keyVersionId = '' } = {}] = wrappedKeys;
  const start = whole.indexOf(keyVersionId);
  expect(opened.every((at) => at >= start && at < start + keyVersionId.length)).toBe(true);
  const free = [...Buffer.from(keyVersionId)].flatMap((byte) =>
    [1, 2, 4, 8, 16, 32, 64].map((mask) => String.fromCharCode(byte ^ mask)),
  );
  expect(opened.length).toBe(free.filter((text) => /^[!#-[\]-~]$/.test(text)).length);
});

test('a list that is not there is said to be so, and that nothing is named', async () => {
  const [missing, unnamed] = await Promise.all([verify(['--list', 'not-there']), verify([])]);
  const said = [missing, unnamed].map(({ code, stderr }) => [code, JSON.parse(stderr).error.message]);
  expect(said).toEqual([
    [1, 'Cannot read not-there: there is no such file'],
    [2, 'Cannot verify: nothing is named'],
  ]);
});

test('a sample is the first chunk, the last, and others in between, each once', () => {
  const plans = fc.tuple(fc.integer({ min: 1, max: 2 ** 33 }), fc.integer({ min: 0, max: 50 }));
  fc.assert(
    fc.property(plans, ([chunks, sample]) => {
      const runs = runsOf(chunks, sample);
      expect([runs[0]?.from, runs.at(-1)?.to]).toEqual([0, chunks]);
      if (sample + 2 >= chunks) return;
      expect(runs.length).toBe(sample + 2);
      runs.forEach(({ from, to }, index) => {
        expect(to).toBe(from + 1);
        expect(from).toBeGreaterThan(index === 0 ? -1 : (runs[index - 1]?.from ?? 0));
      });
    }),
  );
});
