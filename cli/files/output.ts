import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, link, lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asFailure, Failure } from '../terminal/failure';
import { hiddenBeside } from './hidden-beside';

/**
 * Writes all of `content` under the final name, or nothing: until the last byte has come it is `.<name>.<random>.partial`
 * beside it, for its owner only. `force` replaces a file that is there; `tell` hears what of it could not be kept. Returns the
 * number of bytes. Throws `file-exists`, `file-unwritable`, `file-changed`, `disk-full`, and what `content` throws.
 */
export async function writeFile(
  path: string,
  content: AsyncIterable<Buffer>,
  force = false,
  tell: Tell = () => {},
): Promise<number> {
  const left = `${path}: nothing new is under this name`;
  try {
    const target = await checkTarget(path, force);
    const partial = `${hiddenBeside(target)}${randomBytes(6).toString('hex')}.partial`;
    const file = await open(partial, 'wx', 0o600).catch(unwritable(`write ${path}`));
    try {
      const bytes = await pour(file, path, content);
      await publish(file, { path, partial, target, force, bytes, tell });
      return bytes;
    } finally {
      await file.close();
      await rm(partial, { force: true }).catch(() => {});
    }
  } catch (error) {
    throw asFailure(error, { left });
  }
}

/**
 * Whether a file may be written under this name, before any work is done for it. Returns the name to write to: where
 * a symbolic link leads. Throws `file-exists`, `file-unwritable`.
 */
export async function checkTarget(path: string, force = false): Promise<string> {
  await stat(dirname(path)).catch(unwritable(`write ${path}`));
  const there = await stat(path).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENAMETOOLONG' ? unwritable(`write ${path}`)(error) : undefined,
  );
  const isLink = await lstat(path).then(
    () => true,
    () => false,
  );
  if (!there && !isLink) return path;
  if (there && !there.isFile()) {
    const why = there.isDirectory() ? 'it is a directory' : 'it is no file';
    throw new Failure('file-unwritable', `Cannot write ${path}: ${why}`, { todo: 'choose another name' });
  }
  if (!force) throw new Failure('file-exists', `Cannot write ${path}: it is there already`);
  return there ? realpath(path) : path;
}

/** A line for people. */
export type Tell = (line: string) => void;

export type Naming = {
  path: string;
  partial: string;
  target: string;
  force: boolean;
  bytes: number;
  tell: Tell;
};

/** Gives a finished file its final name. Throws `file-exists`, and `file-changed` where it is not that file, or has not its size. */
export async function publish(
  file: FileHandle,
  { path, partial, target, force, bytes, tell }: Naming,
): Promise<void> {
  const isWhole = (await file.stat()).size === bytes && (await isNamed(file, partial));
  if (!isWhole) throw otherThanWritten(path, partial);
  const there = force && (await stat(target).catch(() => undefined));
  if (there && !(await inherit(file, there))) tell(`${path} has another owner or group than before`);
  await (force ? rename(partial, target) : name(partial, target)).catch(unwritable(`write ${path}`));
}

/** Permissions, owner and group of the file that is replaced. False where its owner or group cannot be kept: then that group may nothing. */
async function inherit(file: FileHandle, { mode, uid, gid }: Stats): Promise<boolean> {
  const own = await file.stat();
  const give = (to: number) =>
    file.chown(to, gid).then(
      () => true,
      () => to === own.uid && gid === own.gid,
    );
  const isKept = await give(uid);
  const isGroups = isKept || (await give(own.uid));
  await file.chmod(mode & (isGroups ? 0o777 : 0o707)).catch(() => {});
  return isKept;
}

/** Whether it is this file that has a name. */
export async function isNamed(file: FileHandle, path: string): Promise<boolean> {
  const own = await file.stat({ bigint: true });
  const there = await lstat(path, { bigint: true }).catch(() => undefined);
  return there?.dev === own.dev && there.ino === own.ino;
}

export function otherThanWritten(path: string, partial: string): Failure {
  return new Failure('file-changed', `Cannot write ${path}: ${partial} was changed or removed meanwhile`);
}

/** Unless that is taken. Some file systems know no second name for a file. */
async function name(partial: string, target: string): Promise<void> {
  await link(partial, target).catch(async (error: NodeJS.ErrnoException) => {
    if (!/^(EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS)$/.test(error.code ?? '')) throw error;
    await checkTarget(target);
    await rename(partial, target);
  });
}

async function pour(file: FileHandle, path: string, content: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const piece of content) {
    await writeWhole(file, piece).catch(unwritable(`write ${path}`));
    bytes += piece.length;
  }
  await file.sync().catch(unwritable(`write ${path}`));
  return bytes;
}

async function writeWhole(file: FileHandle, piece: Buffer): Promise<void> {
  for (let at = 0; at < piece.length; ) at += (await file.write(piece, at)).bytesWritten;
}

/** For `catch`: of a file that is written to, the same errors mean other things than of one that is read. */
export function unwritable(doing: string): (error: unknown) => never {
  return (error) => {
    const failure = asFailure(error, { doing });
    if (failure.code === 'file-missing') {
      throw new Failure('file-unwritable', `Cannot ${doing}: there is no such folder`);
    }
    if (failure.code === 'file-unreadable') throw new Failure('file-unwritable', failure.message);
    throw failure;
  };
}
