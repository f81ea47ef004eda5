import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { asFailure, Failure } from '../terminal/failure';

/**
 * Holds what lies under a path for this process alone: until the returned function is called or the process ends, however it
 * ends, as the kernel lets go of it then. `doing`: "<verb> <what>". Throws `in-use` where another process has it.
 */
export async function holdAlone(path: string, doing: string): Promise<() => Promise<void>> {
  try {
    const real = await realpath(path).catch(() => path);
    const { dev, ino } = await stat(dirname(real), { bigint: true });
    const hash = createHash('sha256')
      .update([dev, ino, basename(real)].join(' '))
      .digest('hex');
    const name = `oss-envelope-${hash.slice(0, 32)}`;
    return /^(linux|win32)$/.test(process.platform) ? await listenAs(name) : await lockFile(name);
  } catch (error) {
    if (!/^(EADDRINUSE|EAGAIN)$/.test((error as NodeJS.ErrnoException).code ?? ''))
      throw asFailure(error, { doing });
    throw new Failure('in-use', `Cannot ${doing}: another process is at it`);
  }
}

/** Abstract sockets of Linux and pipes of Windows are names without a file. */
async function listenAs(name: string): Promise<() => Promise<void>> {
  const server = createServer((socket) => socket.destroy()).unref();
  server.listen(process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : `\0${name}`);
  await once(server, 'listening');
  return () => new Promise((done) => server.close(() => done()));
}

/** BSD and macOS: node:fs has no name for the flag that locks as it opens. The empty file stays, its lock does not. */
const O_EXLOCK = 0x20;

async function lockFile(name: string): Promise<() => Promise<void>> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK;
  const file = await open(join(tmpdir(), name), flags, 0o600);
  return () => file.close();
}
