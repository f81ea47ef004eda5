import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rename, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { fileInput } from '../../../cli/files/input';
import { readVersionLocation } from '../../../cli/files/location';
import { ofSize } from '../../../cli/files/stdin';
import { collect } from '../../../functions/cloud/pieces';
import { localFiles } from '../../../infra/run/files';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'input-'));
  path = join(folder, 'file');
  await writeFile(path, 'content');
});

async function reading(change: () => Promise<unknown>) {
  const input = await fileInput(path);
  try {
    await change();
    return await collect(input.read({ from: 0, to: input.size }));
  } finally {
    await input.close();
  }
}

test('a file that is replaced while it is read is read as it was', async () => {
  await writeFile(join(folder, 'other'), 'another');
  expect((await reading(() => rename(join(folder, 'other'), path))).toString()).toBe('content');
});

test.each([
  ['grows', () => appendFile(path, 'more'), 'somebody wrote to it meanwhile'],
  ['shrinks', () => truncate(path, 3), 'it is shorter than it was'],
  ['is touched', () => utimes(path, 1, 1), 'somebody wrote to it meanwhile'],
])('a file that %s while it is read is refused', async (_, change, why) => {
  await expect(reading(change)).rejects.toMatchObject({
    code: 'file-changed',
    message: `Cannot read ${path}: ${why}`,
  });
});

test.each(['/proc/version', '/sys/devices/system/cpu/online'])(
  '%s has the bytes that it has, not those that it says',
  async (pseudo) => {
    const text = await readFile(pseudo);
    const input = await fileInput(pseudo);
    expect([input.size, input.size === (await stat(pseudo)).size]).toEqual([text.length, false]);
    for (const from of [0, 5]) {
      expect(await collect(input.read({ from, to: input.size }))).toEqual(text.subarray(from));
    }
    await input.close();
    const message = `Cannot upload ${pseudo}: it has another size than it says`;
    await expect(localFiles([pseudo])).rejects.toThrow(message);
  },
);

test('what is no file is refused, a pipe without waiting for it', async () => {
  execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe')]);
  for (const name of ['.', 'pipe']) {
    await expect(fileInput(join(folder, name))).rejects.toMatchObject({ code: 'file-unreadable' });
  }
  const server = createServer().listen(join(folder, 'socket'));
  await once(server, 'listening');
  for (const path of ['/dev/null', join(folder, 'socket')]) {
    await expect(fileInput(path)).rejects.toMatchObject({
      code: 'file-unreadable',
      message: `Cannot read ${path}: it is no file`,
    });
  }
  server.close();
});

test.each([
  ['oss://bucket/a/b', 'a/b', undefined],
  ['oss://bucket/a?versionId=CAEQ-x_1.2', 'a', 'CAEQ-x_1.2'],
  ['oss://bucket/a?versionId=', 'a?versionId=', undefined],
  ['oss://bucket/a%20?b\n', 'a%20?b\n', undefined],
  ['oss://bucket/?versionId=1?versionId=2', '?versionId=1', '2'],
])('%j names a version of an object', (text, key, versionId) => {
  expect(readVersionLocation(text)).toEqual({ bucket: 'bucket', key, versionId });
});

test.each([
  [8, 'it has 7 bytes and not 8'],
  [6, 'it has more than 6 bytes'],
  [0, 'it has more than 0 bytes'],
  [7, undefined],
])('seven bytes of standard input, where %i were said', async (size, why) => {
  async function* pieces() {
    yield* [Buffer.from('cont'), Buffer.from('ent')];
  }
  const reading = collect(ofSize(size, pieces()));
  if (why === undefined) expect((await reading).toString()).toBe('content');
  else await expect(reading).rejects.toThrow(`Cannot read standard input: ${why}`);
});
