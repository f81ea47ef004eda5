import { basename } from 'node:path';
import { type Location, showLocation } from '../../files/location';
import { openRanged, type RangedOutput } from '../../files/ranged-output';
import { asFailure, Failure } from '../../terminal/failure';
import type { Output } from '../../terminal/output';
import type { Source, Wanted } from './source';

/** The last segment of a key, in the current folder. Throws `usage-wrong`. */
export function fileNameFor({ bucket, key }: Location): string {
  const name = basename(key);
  const isName = !key.endsWith('/') && !['', '.', '..'].includes(name) && !name.includes('\0');
  if (isName) return name;
  throw new Failure(
    'usage-wrong',
    `Cannot name a file after ${showLocation({ bucket, key })}: say where to with -o`,
  );
}

export type Saving = {
  path: string;
  force: boolean;
  wanted: Wanted;
  way: 'functions' | 'direct';
  output: Output;
};

/** Returns how many bytes an earlier run had fetched already. What is half done waits for the same command. */
export async function save(source: Source, { path, force, wanted, way, output }: Saving): Promise<number> {
  const { versionId, bytes, sealedAt, content } = source;
  const { place, range } = wanted;
  const file = await openRanged({
    path,
    force,
    asked: JSON.stringify([way, showLocation(place), range]),
    content: { versionId, bytes, sealedAt, ...content },
  });
  try {
    const before = await source.done(file);
    const bar = output.progress('get', bytes);
    bar.moved(before);
    await source.fill(file, bar.moved);
    await file.publish();
    bar.done();
    return before;
  } catch (error) {
    throw asFailure(error, { doing: `write ${path}`, left: await leave(file, source, error) });
  }
}

/** What must not be gone on with. */
const WORTHLESS = /^(cannot-open|stored-differs|source-changed)$/;

async function leave(file: RangedOutput, source: Source, error: unknown): Promise<string> {
  const isWorthless = WORTHLESS.test((error as { code?: string }).code ?? '');
  return isWorthless ? file.discard() : file.keep(await source.done(file));
}
