import { mkdtempSync, readFileSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const GiB = 1024 ** 3;
/** What must be left over, for everything else. */
const SPARE = 2 * GiB;

/**
 * A new folder with room for an envelope of `largest` bytes and what is about it: in memory, where there is twice that
 * room, as the local cloud waits for the disk at every write. Undefined where there is none.
 */
export function folderFor(largest: number): string | undefined {
  const needed = largest + SPARE;
  const places = [...(availableMemory() > 2 * needed ? [MEMORY] : []), tmpdir()];
  const place = places.find((folder) => roomIn(folder) > needed);
  return place && mkdtempSync(join(place, 'oss-envelope-bench-'));
}

function roomIn(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

// os.freemem() leaves out what the kernel would give back.
function availableMemory(): number {
  try {
    const [, kibibytes] = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
    return Number(kibibytes) * 1024;
  } catch {
    return freemem();
  }
}
