import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/** A guard taken out of the encrypt function's bundle: the text that is replaced, and by what. */
export type Sabotage = { find: string; by: string };

/** `seeds`: schedules, one of which shows the harm. */
export const SABOTAGES: Record<string, Sabotage & { seeds: number[]; harm: RegExp }> = {
  'a version is removed before it is sealed': {
    find: 'const { envelopeVersionId, kmsRequestId } = await seal(',
    by: 'await inbox.remove(source); const { envelopeVersionId, kmsRequestId } = await seal(',
    seeds: [1, 2, 3],
    harm: /upload \d is gone before it or a newer one was sealed/,
  },
  'the moment is taken after the read': {
    find: 'await seal(tools, source, sealedAt)',
    by: 'await seal(tools, source, tools.now())',
    seeds: [56, 33, 61],
    harm: /upload \d, the newest, cannot be read/,
  },
  'nobody looks again after the store': {
    find: 'const after = await lookUp(tools, source);',
    by: 'const after = before;',
    seeds: [56, 50, 52],
    harm: /upload \d, the newest, cannot be read/,
  },
  'the newest envelope is never put on top': {
    find: 'await vault.putOnTop(newest.version);',
    by: 'return [];',
    seeds: [35, 56, 33],
    harm: /cannot be read|hides/,
  },
  'a redelivery that finds nothing does not settle': {
    find: 'if (!own) return settled(tools, upload, before);',
    by: 'if (!own) return { outcome: "gone" };',
    seeds: [142, 521, 568, 764],
    harm: /upload \d, the newest, cannot be read/,
  },
  'nobody looks again after a copy': {
    find: 'await vault.putOnTop(newest.version);',
    by: 'await vault.putOnTop(newest.version); return [];',
    seeds: [298, 308],
    harm: /upload \d, the newest, cannot be read/,
  },
};

let built: Promise<string> | undefined;

/** The encrypt function as it is built, but for being readable. */
async function bundleOf(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['functions/encrypt/index.ts'],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['proxy-agent'],
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** A folder with the encrypt function, but for that guard. */
export async function sabotaged({ find, by }: Sabotage): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'oss-envelope-sabotaged-'));
  built ??= bundleOf();
  const bundle = await built;
  if (bundle.split(find).length !== 2) throw new Error(`Cannot sabotage: the bundle has not one "${find}"`);
  await writeFile(
    join(folder, 'index.js'),
    bundle.replace(find, () => by),
  );
  return folder;
}
