import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const heldHere = new Set<string>();

/** Holds the data folder for this process: a file `lock` with its pid. One left by a process that died is taken. */
export async function lockData(data: string): Promise<() => Promise<void>> {
  const file = join(resolve(data), 'lock');
  await mkdir(data, { recursive: true, mode: 0o700 });
  const holder = await holderOf(file);
  if (holder !== undefined) throw new Error(`Cannot use ${data}: process ${holder} runs a cloud in it`);
  await rm(file, { force: true });
  await writeFile(file, String(process.pid), { flag: 'wx' });
  heldHere.add(file);
  return async () => {
    heldHere.delete(file);
    await rm(file, { force: true });
  };
}

async function holderOf(file: string): Promise<number | undefined> {
  const pid = Number(await readFile(file, 'utf8').catch(() => ''));
  // In a container a restarted process may have the pid of the one that died.
  if (pid === process.pid) return heldHere.has(file) ? pid : undefined;
  return pid > 0 && isRunning(pid) ? pid : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
