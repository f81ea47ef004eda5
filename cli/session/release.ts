import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Of this release: the clone, or the package that is installed. The bundle lies in dist/cli, its sources as deep. */
export const ROOT = join(__dirname, '../..');
export const S_YAML = join(ROOT, 's.yaml');

/** A clone bundles what is asked for, by the names of infra/build.mjs; a package has it all. */
export async function bundled(...names: string[]): Promise<void> {
  const builder = join(ROOT, 'infra/build.mjs');
  if (existsSync(builder)) await (await import(builder)).build(names);
}
