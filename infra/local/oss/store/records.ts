import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes `<folder>/<id>.json` so that a crash leaves the old record or the new one, never half of one. */
export async function writeRecord(folder: string, record: { id: string }): Promise<void> {
  const path = join(folder, `${record.id}.json`);
  const handle = await open(`${path}.tmp`, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(record));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.tmp`, path);
  await syncFolder(folder);
}

/** Removes records for good; one that is not there is no error. */
export async function removeRecords(folder: string, ids: string[]): Promise<void> {
  for (const id of ids) await rm(join(folder, `${id}.json`), { force: true });
  await syncFolder(folder);
}

/** Every record of the folder; what a crash left half-written is removed. */
export async function readRecords<Record>(folder: string): Promise<Record[]> {
  const records: Record[] = [];
  for (const name of await readdir(folder)) {
    if (name.endsWith('.json')) records.push(JSON.parse(await readFile(join(folder, name), 'utf8')));
    if (name.endsWith('.json.tmp')) await rm(join(folder, name), { force: true });
  }
  return records;
}

/** Makes renames and removals in the folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
