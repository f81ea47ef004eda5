import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh folder, removed when all tests have ended (test/temp-folder.ts). */
export function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'local-cloud-'));
}
