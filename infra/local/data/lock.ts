import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

/**
 * Holds the data folder, which is made, for this process: until the returned function is called, or the process ends,
 * however it ends. Rejects with an Error that names the process which holds it, or what keeps it from being used.
 *
 * Whoever holds it listens on a socket, and is asked by connecting: a pid would say nothing of a process in another
 * container, or of the next one that gets it. The folder `lock.8` names the socket of the eighth holder: it comes to be
 * when that of lock.7 is dead, for one alone, and goes when a later one is there. So no number is had twice.
 */
export async function lockData(data: string): Promise<() => Promise<void>> {
  const folder = resolve(data);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // One with other things in it is more than the cloud's.
    if ((await readdir(folder)).length === 0) await chmod(folder, 0o700).catch(() => undefined);
    const name = `lock-${process.pid}-${randomBytes(8).toString('hex')}`;
    const { server, path } = await listening(folder, name);
    try {
      const holder = { name, ...(path !== join(folder, name) && { elsewhere: path }) };
      await forgetBefore(folder, await claim(folder, holder));
      return () => closed(server);
    } catch (error) {
      await closed(server);
      throw error;
    }
  } catch (error) {
    throw new Error(`Cannot use ${folder}: ${(error as Error).message}`, { cause: error });
  }
}

/** Who holds the folder: a name that no holder before had. Undefined where nobody does. */
export async function holderOf(data: string): Promise<string | undefined> {
  const folder = resolve(data);
  const holder = await holderIn(folder, await newest(folder));
  return holder && (await isAlive(folder, holder)) ? holder.name : undefined;
}

/** Its socket lies in the folder, under this name, or `elsewhere`: where the folder's path is too long or it takes no sockets. */
type Holder = { name: string; elsewhere?: string };

/** Returns the number that it has now. */
async function claim(folder: string, { name, elsewhere = '' }: Holder): Promise<number> {
  const draft = join(folder, `${name}.tmp`);
  await mkdir(draft, { mode: 0o700 });
  await writeFile(join(draft, name), elsewhere, { mode: 0o600 });
  try {
    for (;;) {
      const number = (await newest(folder)) + 1;
      const holder = await holderOf(folder);
      if (holder !== undefined) throw new Error(`process ${holder.split('-')[1]} runs a cloud in it`);
      if (!(await isMade(draft, fileOf(folder, number)))) continue;
      if ((await newest(folder)) === number) return number;
      // The number had been another's, and was forgotten: between the look at the one before and this.
      await rm(fileOf(folder, number), { recursive: true, force: true });
      throw new Error('another process has just begun to use it');
    }
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** A folder never takes the place of one that is not empty. */
async function isMade(draft: string, file: string): Promise<boolean> {
  try {
    await rename(draft, file);
    return true;
  } catch (error) {
    if (await stat(file).catch(() => undefined)) return false;
    throw error;
  }
}

async function forgetBefore(folder: string, number: number): Promise<void> {
  for (const earlier of (await numbersIn(folder)).filter((one) => one < number)) {
    const holder = await holderIn(folder, earlier);
    if (holder && !(await isAlive(folder, holder)))
      for (const path of placesOf(folder, holder)) await rm(path, { force: true });
    await rm(fileOf(folder, earlier), { recursive: true, force: true });
  }
}

function fileOf(folder: string, number: number): string {
  return join(folder, `lock.${number}`);
}

async function numbersIn(folder: string): Promise<number[]> {
  const numbers = (await readdir(folder)).map((file) => /^lock\.(\d{1,15})$/.exec(file)?.[1]);
  return numbers.filter((number) => number !== undefined).map(Number);
}

async function newest(folder: string): Promise<number> {
  return Math.max(0, ...(await numbersIn(folder)));
}

async function holderIn(folder: string, number: number): Promise<Holder | undefined> {
  try {
    const [name = ''] = await readdir(fileOf(folder, number));
    if (!/^lock-\d+-[0-9a-f]{16}$/.test(name)) return undefined;
    const elsewhere = await readFile(join(fileOf(folder, number), name), 'utf8');
    return { name, ...(basename(elsewhere) === name && { elsewhere }) };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** What every system takes for the path of a socket, bytes. */
const PATH_MAX = 103;

/** In the folder another container sees it, too. */
async function listening(folder: string, name: string): Promise<{ server: Server; path: string }> {
  const places = process.platform === 'win32' ? ['\\\\.\\pipe'] : [folder, tmpdir()];
  let why = new Error(`the path of a socket has ${PATH_MAX} bytes at most`);
  for (const path of places.map((at) => join(at, name))) {
    if (Buffer.byteLength(path) > PATH_MAX) continue;
    // Asked by connecting, it has nothing to say. It neither keeps the process up nor ends it, when that is short of files.
    const server = createServer((socket) => socket.destroy()).unref();
    server.on('error', () => undefined);
    try {
      await once(server.listen(path), 'listening');
      return { server, path };
    } catch (error) {
      why = error as Error;
    }
  }
  throw why;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

async function isAlive(folder: string, holder: Holder): Promise<boolean> {
  for (const path of placesOf(folder, holder)) if (await answers(path)) return true;
  return false;
}

function placesOf(folder: string, { name, elsewhere }: Holder): string[] {
  return [join(folder, name), ...(elsewhere === undefined ? [] : [elsewhere])];
}

/** Whether a process listens there. What cannot be told for certain counts as one. */
async function answers(path: string): Promise<boolean> {
  if (Buffer.byteLength(path) > PATH_MAX) return false;
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    return !['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'].includes((error as NodeJS.ErrnoException).code ?? '');
  } finally {
    socket.destroy();
  }
}
