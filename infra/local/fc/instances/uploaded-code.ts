import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { FunctionSpec } from '../../../declared/function-spec';

type Home = { data: string; runtime: string };

/**
 * The functions and their runtime as FC has them from now on, in `<data>/fc/code`: what becomes of the folders that they came
 * from changes no instance. What an earlier deployment left there is removed.
 */
export async function uploadCode(specs: FunctionSpec[], { data, runtime }: Home) {
  const folder = resolve(data, 'fc', 'code');
  await rm(folder, { recursive: true, force: true });
  const uploaded: FunctionSpec[] = [];
  for (const spec of specs) {
    const code = join(folder, spec.name);
    await copy(spec.code, code, resolve(data));
    uploaded.push({ ...spec, code });
  }
  const ofItsOwn = join(folder, 'runtime.js');
  await mkdir(folder, { recursive: true });
  await copyFile(runtime, ofItsOwn);
  return { specs: uploaded, runtime: ofItsOwn };
}

/** Links as what they lead to. `data` is no code, where it lies among it. */
async function copy(from: string, to: string, data: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (source === data) continue;
    const found = await stat(source).catch(() => undefined);
    if (found?.isDirectory()) await copy(source, target, data);
    else if (found?.isFile()) await copyFile(source, target);
  }
}
