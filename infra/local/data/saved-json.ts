import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Writes `value` as JSON so that a crash leaves either the old file or the new one: a temp file in the same
 * folder, fsync, rename. Mode 0600; the folder is made.
 */
export async function saveJson(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = join(dirname(file), `${randomUUID()}.tmp`);
  try {
    await writeDurably(temporary, JSON.stringify(value));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The value in `file`, or undefined when there is no such file. */
export async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`Cannot read ${file}: ${(error as Error).message}`);
  }
}

/** What the folder's files hold, by their names; the folder is made. */
export async function savedIn<T>(folder: string): Promise<Map<string, T>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const saved = new Map<string, T>();
  for (const name of (await readdir(folder)).filter((one) => one.endsWith('.json'))) {
    const value = await readJson<T>(join(folder, name));
    if (value !== undefined) saved.set(name, value);
  }
  return saved;
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
