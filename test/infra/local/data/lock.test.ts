import { once } from 'node:events';
import { chmod, cp, link, mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holderOf, lockData } from '../../../../infra/local/data/lock';
import { newFolder } from '../new-folder';

const DEAD = 'lock-1-0123456789abcdef';

/** As a process leaves it that was killed: its lock, and a socket on which nobody listens. */
async function abandoned(folder: string, number: number): Promise<void> {
  const path = join(folder, DEAD);
  const server = createServer();
  await once(server.listen(path), 'listening');
  await link(path, `${path}.kept`);
  server.close();
  await rename(`${path}.kept`, path);
  await mkdir(join(folder, `lock.${number}`));
  await writeFile(join(folder, `lock.${number}`, DEAD), '');
}

const locksIn = async (folder: string) => (await readdir(folder)).filter((file) => file.startsWith('lock'));

test.each([
  ['a fresh folder', async () => {}],
  ['a dead lock', (folder: string) => abandoned(folder, 7)],
  ['a lock as it was before', (folder: string) => writeFile(join(folder, 'lock'), String(process.ppid))],
])('of 20 that begin at once on %s one holds it', async (_, prepare) => {
  const folder = await newFolder();
  await prepare(folder);
  expect(await holderOf(folder)).toBeUndefined();
  for (let round = 0; round < 5; round++) {
    const tried = await Promise.allSettled(Array.from({ length: 20 }, () => lockData(folder)));
    const held = tried.filter((one) => one.status === 'fulfilled');
    expect(held).toHaveLength(1);
    for (const one of tried)
      if (one.status === 'rejected')
        expect(one.reason.message).toMatch(
          /^Cannot use .*: (process \d+ runs a cloud in it|another process has just begun to use it)$/,
        );
    expect(await holderOf(folder)).toContain(`lock-${process.pid}-`);
    await held[0]?.value();
    expect(await holderOf(folder)).toBeUndefined();
  }
});

test('what a dead one left goes when another comes', async () => {
  const folder = await newFolder();
  await abandoned(folder, 7);
  const release = await lockData(folder);
  expect(await locksIn(folder)).toEqual(['lock.8', await holderOf(folder)].sort());
  await release();
  expect(await locksIn(folder)).toEqual(['lock.8']);
});

test('a folder with a long path is held, too', async () => {
  const folder = join(await newFolder(), 'a'.repeat(120));
  const release = await lockData(folder);
  await expect(lockData(folder)).rejects.toThrow(`process ${process.pid} runs a cloud in it`);
  await release();
  await (await lockData(folder))();
});

test.each([
  ['x', ''],
  [DEAD, 'what/ever'],
  [DEAD, `/tmp/${DEAD}`],
])('a lock of %s %s is dead', async (name, elsewhere) => {
  const folder = await newFolder();
  await mkdir(join(folder, 'lock.3'));
  await writeFile(join(folder, 'lock.3', name), elsewhere);
  await (await lockData(folder))();
});

test("a copy of a folder that is held is nobody's; where it was moved, it is held", async () => {
  const folder = await newFolder();
  const release = await lockData(folder);
  const copy = `${folder}-copy`;
  await cp(folder, copy, { recursive: true, filter: async (path) => !(await stat(path)).isSocket() });
  await (await lockData(copy))();
  await rename(folder, `${folder}-moved`);
  expect(await holderOf(`${folder}-moved`)).toBeDefined();
  await release();
});

test('a folder that is none is one sentence', async () => {
  const file = join(await newFolder(), 'file');
  await writeFile(file, '');
  await expect(lockData(file)).rejects.toThrow(`Cannot use ${file}: EEXIST`);
});

test('a folder made beforehand is closed to others, unless there are other things in it', async () => {
  const [empty, other] = [await newFolder(), await newFolder()];
  await writeFile(join(other, 'mine'), '');
  for (const folder of [empty, other]) await chmod(folder, 0o755);
  for (const folder of [empty, other]) await (await lockData(folder))();
  expect(await Promise.all([empty, other].map(modeOf))).toEqual(['700', '755']);
});

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}
