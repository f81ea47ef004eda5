import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Once for a run of all tests: every temporary folder lies in one, which goes when they have ended. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'oss-envelope-tests-'));
  // One test runs a program as another user.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
