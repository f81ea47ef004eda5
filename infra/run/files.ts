import { randomFillSync } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isSize } from '../../cli/files/input';

/** A file to send through. `key` is its name in the inbox and the vault. */
export type LocalFile = { path: string; key: string; size: number };

const PROBLEMS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'there is no permission to read it',
  EPERM: 'there is no permission to read it',
};

/** The files at these paths, all readable. Rejects with one sentence about the first that is not. */
export async function localFiles(paths: string[]): Promise<LocalFile[]> {
  const files: LocalFile[] = [];
  for (const path of paths) {
    files.push({ path, key: freeKey(basename(path), files), size: await sizeOf(path) });
  }
  return files;
}

/** Two files to show the way with: a short text and 64 MiB of random bytes, in a folder that `remove` deletes. */
export async function sampleFiles(): Promise<{ paths: string[]; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'oss-envelope-'));
  const paths = [join(folder, 'hello.txt'), join(folder, 'random-64MiB.bin')] as const;
  await writeFile(paths[0], 'Hello. Whoever reads the vault does not see this line.\n');
  await pipeline(Readable.from(randomMebibytes(64)), createWriteStream(paths[1]));
  return { paths: [...paths], remove: () => rm(folder, { recursive: true }) };
}

async function sizeOf(path: string): Promise<number> {
  try {
    const file = await open(path);
    try {
      const stat = await file.stat();
      if (!stat.isFile())
        throw new Error(`Cannot upload ${path}: it is ${stat.isDirectory() ? 'a directory' : 'no file'}`);
      if (!(await isSize(file, stat.size)))
        throw new Error(`Cannot upload ${path}: it has another size than it says`);
      return stat.size;
    } finally {
      await file.close();
    }
  } catch (error) {
    const why = PROBLEMS[(error as NodeJS.ErrnoException).code ?? ''];
    throw why ? new Error(`Cannot upload ${path}: ${why}`) : error;
  }
}

/** Two files of one name do not overwrite each other. */
function freeKey(name: string, files: LocalFile[]): string {
  const taken = files.filter(({ path }) => basename(path) === name).length;
  return taken === 0 ? name : `${taken + 1}-${name}`;
}

function* randomMebibytes(count: number) {
  for (let index = 0; index < count; index++) yield randomFillSync(Buffer.allocUnsafe(1_048_576));
}
