import { basename } from 'node:path';
import { type Location, showLocation } from '../../files/location';
import { beginRanged, type RangedOutput } from '../../files/ranged-output';
import type { Work } from '../../session/run';
import { asFailure, Failure } from '../../terminal/failure';
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
  work: Pick<Work, 'output' | 'interrupted'>;
};

/** Returns how many bytes an earlier run had fetched already. What is half done waits for the same command. */
export async function save(source: Source, { path, force, wanted, way, work }: Saving): Promise<number> {
  const { versionId, bytes, sealedAt, content } = source;
  const asked = [way, showLocation(wanted.place), wanted.range];
  const whole = { asked, content: { versionId, bytes, sealedAt, ...content }, bytes };
  const file = await beginRanged({ path, force, tell: work.output.note, ...whole }, work.interrupted);
  try {
    const before = source.done(file);
    const bar = work.output.progress('get', bytes);
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
  return isWorthless ? file.discard() : file.keep(source.done(file));
}
