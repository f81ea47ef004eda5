import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The services' folders, for their owner only, whatever was there: keys, tokens and plaintext lie in them. What a process that
 * was killed has written half of is removed. Throws an Error about a folder that stays open to others.
 */
export async function prepareData(data: string): Promise<void> {
  for (const service of ['fc', 'kms', 'mns', 'oss', 'ram', 'ros']) {
    const folder = join(data, service);
    await makePrivate(folder);
    // OSS has many files, and sees to its own.
    if (service !== 'oss') await removeHalves(folder);
  }
}

async function makePrivate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (((await stat(folder)).mode & 0o777) === 0o700) return;
  await chmod(folder, 0o700).catch((cause: Error) => {
    throw new Error(`Cannot keep ${folder} from others: ${cause.message}`, { cause });
  });
}

/** As saveJson names them. */
async function removeHalves(folder: string): Promise<void> {
  const halves = (await readdir(folder, { recursive: true })).filter((path) =>
    /[0-9a-f-]{36}\.tmp$/.test(path),
  );
  for (const path of halves) await rm(join(folder, path), { force: true });
}
