import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { checkBucket, placeFor } from '../../cli/commands/put/destination';
import { readLabels } from '../../cli/commands/put/labels';
import { awaitSealing } from '../../cli/commands/put/sealing';
import { type Uploading, upload } from '../../cli/commands/put/upload';
import { uploadNote } from '../../cli/commands/put/upload-note';
import { sealToVault } from '../../cli/envelope/seal-to-vault';
import { fileInput, type Input } from '../../cli/files/input';
import type { Location } from '../../cli/files/location';
import { createSession, type Session } from '../../cli/session/session';
import { carrying } from '../../functions/cloud/carried';
import { collect } from '../../functions/cloud/pieces';
import { parseHeader } from '../../functions/envelope/envelope';
import type { Call } from '../../infra/local/gateway/hooks';
import { KmsError } from '../../infra/local/kms/wire/errors';
import { INBOX, VAULT } from '../../infra/run/deployment';
import {
  type Bench,
  deployBench,
  hold,
  opened,
  PART,
  put as putSilently,
  upload as sealUpload,
  unfinishedIn,
  versionsOf,
} from '../deployment';
import { plant } from '../functions/encrypt/forged';
import { type Ended, linesOf, localOptions, ossEnvelope } from './command';

/** Not quite five parts. */
const content = randomBytes(5 * PART - 7000);

let bench: Bench;
let options: string[];
let session: Session;
let folder: string;
let file: string;
const inputs: Input[] = [];

beforeAll(async () => {
  bench = await deployBench();
  options = await localOptions(bench);
  const shared = { local: true, data: bench.data, env: '/dev/null', color: false } as const;
  session = await createSession(shared, new AbortController().signal);
  folder = await mkdtemp(join(tmpdir(), 'put-'));
  file = join(folder, 'report.bin');
  await writeFile(file, content);
});

afterEach(async () => {
  bench.fail.before = undefined;
  for (const input of inputs.splice(0)) await input.close();
  await bench.cloud.idle();
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await bench.close();
});

function put(argv: string[], running: Parameters<typeof ossEnvelope>[1] = {}): Promise<Ended> {
  return ossEnvelope([...options, '--json', 'put', ...argv], { cwd: folder, ...running });
}

async function uploading(place: Location, changes: Partial<Uploading> = {}): Promise<Uploading> {
  const input = await fileInput(file);
  inputs.push(input);
  const note = uploadNote({ file, input, partBytes: PART, target: [place, {}] });
  const rest = { place, headers: {}, partBytes: PART, parallel: 1, onBytes: () => {} };
  return { input, note, force: false, ...rest, ...changes };
}

const inParts = ['--part-bytes', String(PART), '--parallel', '1'];
const labels = ['--content-type', 'text/x-report', '--meta', 'Author=Ｚoë', '--tag', 'kind=a b'];

test('a file goes through the inbox into the vault, with what is said of it', async () => {
  const ended = await put(['report.bin', `oss://${INBOX}/2026/`, ...labels, '--wait', ...inParts]);
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  const [envelope] = await versionsOf(bench.vault, '2026/report.bin');
  expect(linesOf(ended)).toMatchObject([
    { place: `oss://${INBOX}/2026/report.bin`, bytes: content.length, bytesBefore: 0, outcome: 'sealed' },
  ]);
  expect(linesOf(ended)).toMatchObject([{ vaultVersionId: envelope?.versionId }]);
  expect(content.equals(await opened(bench, '2026/report.bin'))).toBe(true);
  expect(await readdir(folder)).toEqual(['report.bin']);
});

test('a pipe is sealed straight into the vault, with what is said of it', async () => {
  const argv = ['-', `oss://${VAULT}/piped.bin`, '--direct', ...labels, ...inParts];
  const ended = await put(argv, { stdin: content });
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  const [envelope] = await versionsOf(bench.vault, 'piped.bin');
  expect(linesOf(ended)).toMatchObject([
    { bytes: content.length, way: 'direct', vaultVersionId: envelope?.versionId },
  ]);
  expect(content.equals(await opened(bench, 'piped.bin'))).toBe(true);
  expect(await versionsOf(bench.inbox, 'piped.bin')).toEqual([]);
  const plain = (await bench.downloads.listV2({ 'max-keys': '100' })).objects ?? [];
  const heads = await Promise.all(
    plain.filter(({ name }) => name.startsWith('plain/')).map(({ name }) => bench.downloads.head(name, {})),
  );
  const carried = heads
    .map(({ res: { headers } }) => headers)
    .map((headers) => ({
      type: headers['content-type'],
      author: Buffer.from(headers['x-oss-meta-author'] ?? '', 'latin1').toString('utf8'),
      tags: headers['x-oss-tagging-count'],
    }));
  const same = { type: 'text/x-report', author: 'Ｚoë', tags: '1' };
  expect(carried).toEqual([same, same]);
});

test('an upload that was killed goes on in the next run, with the parts that OSS has', async () => {
  const isPart = ({ operation, bucket }: Call) => operation === 'UploadPart' && bucket === INBOX;
  const { reached, release } = hold(bench, (call) => isPart(call) && call.query.partNumber === '3');
  const argv = ['report.bin', `oss://${INBOX}/killed.bin`, ...inParts];
  const first = await put(argv, { onStart: (child) => void reached.then(() => child.kill('SIGKILL')) });
  expect(first.code).toBe(null);
  const [note = ''] = (await readdir(folder)).filter((name) => name.startsWith('.report.bin.'));
  expect(note).toMatch(/\.put\.json$/);
  const place = { bucket: INBOX, key: 'killed.bin' };
  expect(await upload(session, await uploading(place))).toMatchObject({ bytesBefore: 2 * PART });
  release();
  await bench.cloud.idle();
  expect(content.equals(await opened(bench, 'killed.bin'))).toBe(true);
  expect(await unfinishedIn(bench.inbox)).toEqual([]);
  expect(await readdir(folder)).toEqual(['report.bin']);
});

test('two uploads of one file to one place at once: the second is refused, the first ends', async () => {
  const place = { bucket: INBOX, key: 'at-once.bin' };
  const { reached, release } = hold(bench, ({ operation }) => operation === 'UploadPart');
  const first = upload(session, await uploading(place));
  await reached;
  const second = upload(session, await uploading(place, { force: true }));
  const message = `Cannot upload ${file}: another process is at it`;
  await expect(second).rejects.toMatchObject({ code: 'in-use', exit: 6, message });
  release();
  await first;
  expect(await versionsOf(bench.inbox, 'at-once.bin')).toHaveLength(1);
  expect(await unfinishedIn(bench.inbox)).toEqual([]);
});

describe('a note of an earlier upload', () => {
  const place = { bucket: INBOX, key: 'noted.bin' };
  /** Breaks off with two parts uploaded; returns the path of the note. */
  async function brokenOff(): Promise<string> {
    bench.fail.before = ({ query }) =>
      query.partNumber === '3' ? { error: { code: 'AccessDenied' } } : undefined;
    await expect(upload(session, await uploading(place))).rejects.toMatchObject({ code: 'oss-refused' });
    bench.fail.before = undefined;
    return join(folder, (await readdir(folder)).find((name) => name.endsWith('.put.json')) ?? '');
  }
  const ofNote = async (path: string) => JSON.parse(await readFile(path, 'utf8')) as { uploadId: string };

  test.each<[string, (note: string) => Promise<unknown>, number]>([
    [
      'whose upload is gone',
      async (note) => bench.inbox.abortMultipartUpload(place.key, (await ofNote(note)).uploadId),
      0,
    ],
    ['that is no JSON', (note) => writeFile(note, '{"uploadId"'), 0],
    ['that is null', (note) => writeFile(note, 'null'), 0],
    [
      'without an id',
      async (note) => writeFile(note, JSON.stringify({ ...(await ofNote(note)), uploadId: 5 })),
      0,
    ],
    [
      'of another size',
      async (note) => writeFile(note, JSON.stringify({ ...(await ofNote(note)), size: 1 })),
      0,
    ],
    [
      'of other content, the same in size and time',
      async () => {
        const { atime, mtime } = await stat(file);
        await writeFile(file, Buffer.concat([randomBytes(PART), content.subarray(PART)]));
        await utimes(file, atime, mtime);
      },
      PART,
    ],
  ])('%s is not believed', async (_, change, counts) => {
    const before = await stat(file);
    const note = await brokenOff();
    await change(note);
    const sent = await readFile(file);
    expect(await upload(session, await uploading(place))).toMatchObject({ bytesBefore: counts });
    await bench.cloud.idle();
    expect(sent.equals(await opened(bench, place.key))).toBe(true);
    expect(await readdir(folder)).toEqual(['report.bin']);
    await writeFile(file, content);
    await utimes(file, before.atime, before.mtime);
    for (const { uploadId } of (await bench.inbox.listUploads({ 'max-uploads': 9 })).uploads)
      await bench.inbox.abortMultipartUpload(place.key, uploadId);
  });
});

test('buckets of another purpose are refused', () => {
  const options = { partBytes: PART, parallel: 1 };
  const [inbox, vault] = [placeFor(`oss://${INBOX}/`, 'a/b.pdf'), placeFor(`oss://${VAULT}/x`, '-')];
  expect(inbox).toEqual({ bucket: INBOX, key: 'b.pdf' });
  checkBucket(session, inbox, options);
  checkBucket(session, vault, { ...options, direct: true });
  expect(() => checkBucket(session, vault, options)).toThrow(/the inbox of this deployment is/);
  expect(() => checkBucket(session, inbox, { ...options, direct: true })).toThrow(/the vault of this/);
  expect(() => checkBucket(session, inbox, { ...options, key: 'k' })).toThrow(/without --direct/);
  expect(() => checkBucket(session, vault, { ...options, direct: true, wait: true })).toThrow(
    /sealed at once/,
  );
  expect(() => placeFor(`oss://${VAULT}/`, '-')).toThrow(/names no object/);
});

describe('an upload that fails', () => {
  const place = { bucket: INBOX, key: 'failing.bin' };
  const failing = (number: string) => (call: Call) => {
    if (call.operation === 'UploadPart' && call.query.partNumber === number)
      return { error: { code: 'AccessDenied' } };
    return undefined;
  };

  test('waits for the same command, which may begin anew', async () => {
    bench.fail.before = failing('3');
    const waits = expect.stringMatching(/256 KiB of 633 KiB are uploaded and wait a week/);
    await expect(upload(session, await uploading(place))).rejects.toMatchObject({
      code: 'oss-refused',
      left: waits,
    });
    bench.fail.before = undefined;
    expect(await upload(session, await uploading(place, { force: true }))).toMatchObject({ bytesBefore: 0 });
    expect(await unfinishedIn(bench.inbox)).toEqual([]);
  });

  test('that somebody else has ended is gone, and nothing waits', async () => {
    bench.fail.before = async ({ operation, query }) => {
      if (operation !== 'UploadPart' || query.partNumber !== '3') return undefined;
      await bench.inbox.abortMultipartUpload(place.key, query.uploadId ?? '');
      return undefined;
    };
    const left = `${INBOX} has no new object of this name`;
    const gone = {
      code: 'in-use',
      exit: 6,
      left,
      message: expect.stringMatching(/completed or aborted it$/),
    };
    await expect(upload(session, await uploading(place))).rejects.toMatchObject(gone);
    expect(await readdir(folder)).toEqual(['report.bin']);
  });

  test('whose last answer is lost is not said to have failed', async () => {
    bench.fail.before = ({ operation }) => {
      if (operation === 'CompleteMultipartUpload') throw new Error('lost');
      return undefined;
    };
    const left = expect.stringMatching(/^whether \S+ has a new object of this name is not known; 633 KiB of/);
    await expect(upload(session, await uploading(place))).rejects.toMatchObject({ left });
    bench.fail.before = undefined;
    expect(await upload(session, await uploading(place))).toMatchObject({ bytesBefore: content.length });
  });

  test('is aborted where nobody can go on with it', async () => {
    bench.fail.before = failing('3');
    const left = `${INBOX} has no new object of this name; the upload was aborted`;
    const piped = await uploading(place, { note: undefined });
    await expect(upload(session, piped)).rejects.toMatchObject({ left });
    expect(await unfinishedIn(bench.inbox)).toEqual([]);
  });

  test('is aborted where the file is written to meanwhile', async () => {
    // urllib warns of the request that its source has left.
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    bench.fail.before = async ({ query }) => {
      if (query.partNumber === '3') await utimes(file, new Date(0), new Date());
      return undefined;
    };
    await expect(upload(session, await uploading(place))).rejects.toMatchObject({ code: 'file-changed' });
    warned.mockRestore();
    expect(await unfinishedIn(bench.inbox)).toEqual([]);
    expect(await readdir(folder)).toEqual(['report.bin']);
  });
});

describe('waiting for an envelope', () => {
  test('ends where the upload is a dead letter', async () => {
    bench.fail.before = ({ service }) => {
      if (service === 'kms') throw new KmsError('Rejected.Disabled');
    };
    const { res } = await bench.inbox.put('dead.bin', content, { headers: {} });
    const versionId = res.headers['x-oss-version-id'] ?? '';
    const waiting = awaitSealing(session, { bucket: INBOX, key: 'dead.bin', versionId }, 60);
    await expect(waiting).rejects.toMatchObject({ code: 'dead-lettered', exit: 3 });
    await expect(waiting).rejects.toThrow(/kms-refused/);
  });

  test('ends with its time, and says that the upload is there', async () => {
    const { versionId } = await putSilently(bench, 'silent.bin', content);
    const waiting = awaitSealing(session, { bucket: INBOX, key: 'silent.bin', versionId }, 0);
    const left = `the upload waits in the inbox, version ${versionId}`;
    await expect(waiting).rejects.toMatchObject({ code: 'not-sealed', exit: 3, left });
    await bench.inbox.delete('silent.bin', { versionId });
    const gone = awaitSealing(session, { bucket: INBOX, key: 'silent.bin', versionId }, 0);
    await expect(gone).rejects.toThrow(/no envelope tells of it/);
  });

  test('tells of a newer upload that took its place', async () => {
    const older = await putSilently(bench, 'twice.bin', content);
    await bench.inbox.put('twice.bin', Buffer.from('newer'), { headers: {} });
    const sealing = await awaitSealing(session, { ...older, bucket: INBOX }, 60);
    expect(sealing).toEqual({ outcome: 'superseded' });
  });
});

describe('sealing into the vault', () => {
  const inbox = {
    bucket: 'local-file',
    key: 'report.bin',
    eTag: 'none',
    versionId: 'none',
    size: content.length,
    lastModified: '2026-11-21T01:02:03.000Z',
  };
  const source = {
    inbox,
    metadata: { headers: [], userMetadata: [], tags: [] },
    async *read({ from, to }: { from: number; to: number }) {
      yield content.subarray(from, to);
    },
  };
  const seal = () =>
    sealToVault(
      session,
      source,
      { bucket: VAULT, key: 'straight.bin' },
      { keyId: 'alias/oss-envelope', partBytes: PART },
    );

  test('leaves nothing where it fails', async () => {
    bench.fail.before = ({ operation, query }) => {
      if (operation === 'UploadPart' && query.partNumber === '3') return { error: { code: 'AccessDenied' } };
      return undefined;
    };
    await expect(seal()).rejects.toMatchObject({ code: 'oss-refused' });
    expect([await unfinishedIn(bench.vault), await versionsOf(bench.vault, 'straight.bin')]).toEqual([
      [],
      [],
    ]);
  });

  test('ends below an upload that was sealed meanwhile', async () => {
    const { reached, release } = hold(bench, ({ operation }) => operation === 'CompleteMultipartUpload');
    const sealing = seal();
    await reached;
    const newer = randomBytes(50);
    await sealUpload(bench, 'straight.bin', newer);
    release();
    expect(await sealing).toMatchObject({ isSettled: true });
    expect(newer.equals(await opened(bench, 'straight.bin'))).toBe(true);
    expect(await versionsOf(bench.vault, 'straight.bin')).toHaveLength(3);
    expect(await seal()).toMatchObject({ isSettled: true });
    expect(content.equals(await opened(bench, 'straight.bin'))).toBe(true);
  });

  test('ends on top of what somebody planted', async () => {
    await plant(bench, 'straight.bin', { sealedAt: '9999-12-31T23:59:59.999Z' });
    expect(await seal()).toMatchObject({ isSettled: true });
    expect(content.equals(await opened(bench, 'straight.bin'))).toBe(true);
  });

  test('takes the clock of OSS for a wrong own one, also where it may not ask for more', async () => {
    bench.fail.before = ({ operation }) =>
      operation === 'GetBucketVersioning' ? { error: { code: 'AccessDenied', status: 403 } } : undefined;
    await bench.cloud.clock.advance(600_000);
    const { versionId } = await seal();
    const { stream } = await bench.vault.getStream('straight.bin', { subres: { versionId } });
    const { facts } = parseHeader((await collect(stream)).subarray(0, 4096));
    expect(Date.parse(facts.sealedAt)).toBeGreaterThan(bench.cloud.clock.now() - 300_000);
  });

  test('by whoever may not list the vault says that it did not look', async () => {
    bench.fail.before = ({ operation }) => {
      if (operation === 'ListObjectVersions') return { error: { code: 'AccessDenied' } };
      return undefined;
    };
    expect(await seal()).toMatchObject({ isSettled: false });
  });

  test('takes no vault without versions, and no data key for it', async () => {
    await bench.vault.putBucketVersioning(VAULT, 'Suspended');
    const before = bench.calls.length;
    await expect(seal()).rejects.toMatchObject({ code: 'vault-unversioned' });
    await bench.vault.putBucketVersioning(VAULT, 'Enabled');
    expect(bench.calls.slice(before).map(({ operation }) => operation)).toEqual([
      'GetBucketVersioning',
      'PutBucketVersioning',
    ]);
  });
});

test('labels are read as pairs, and tags encoded', () => {
  const read = readLabels({ contentType: 'a/b', meta: ['A-b=c=d', 'e='], tag: ['ä=ö ü'] });
  expect(carrying(read)).toEqual({
    'content-type': 'a/b',
    'x-oss-meta-a-b': 'c=d',
    'x-oss-meta-e': '',
    'x-oss-tagging': '%C3%A4=%C3%B6%20%C3%BC',
  });
  for (const meta of ['=x', 'novalue']) expect(() => readLabels({ meta: [meta] })).toThrow(/name=value/);
});

test.each([
  [{ meta: ['a b=c'] }, 'x-oss-meta-a b'],
  [{ meta: ['a_b=c'] }, 'x-oss-meta-a_b'],
  [{ meta: ['a/b=c'] }, 'x-oss-meta-a/b'],
  [{ meta: ['\u212a=c'] }, 'x-oss-meta-\u212a'],
  [{ meta: ['a=1', 'A=2'] }, 'x-oss-meta-a'],
  [{ meta: ['a=b\nc'] }, 'x-oss-meta-a'],
  [{ meta: [`a=${'v'.repeat(8192)}`] }, 'x-oss-meta-*'],
  [{ contentType: 'text/plain\r\nx-oss-meta-a: b' }, 'content-type'],
  [{ tag: ['a!=b'] }, 'tag a!'],
  [{ tag: Array.from({ length: 11 }, (_, n) => `${n}=v`) }, 'x-oss-tagging'],
])('labels that no object of OSS can carry are refused before anything is read: %.60j', (given, field) => {
  expect(() => readLabels(given)).toThrow(expect.objectContaining({ code: 'metadata-unsupported' }));
  expect(() => readLabels(given)).toThrow(`Cannot carry "${field}": `);
});
