import { inParallel } from '../../../functions/transfer/transfer';
import type { Location } from '../../files/location';
import { tellSkipped } from '../../formats/text';
import type { Work } from '../../session/run';
import { concernsAll } from '../../terminal/concerns-all';
import { asFailure, Failure } from '../../terminal/failure';
import { humanBytes } from '../../terminal/human';
import { shown } from '../../terminal/shown';
import { type How, type Imported, importOne } from './import-one';
import type { Source } from './sources';

/** `target`: where a source goes. */
export type Plan = {
  sources: AsyncGenerator<Source>;
  target(source: Source): Location;
  /** One was named, and nothing else. */
  isSingle: boolean;
  parallel: number;
};

type Tally = Record<Imported['outcome'] | 'failed' | 'unauthenticated' | 'bytes', number> & {
  last: Failure | undefined;
};

/** Imports one source after the other, some at a time; what fails is told of and does not keep the others back. */
export async function importAll(
  work: Work,
  how: How,
  { sources, target, isSingle, parallel }: Plan,
): Promise<void> {
  const tally: Tally = {
    imported: 0,
    already: 0,
    'would-import': 0,
    failed: 0,
    unauthenticated: 0,
    bytes: 0,
    last: undefined,
  };
  const oneByOne = createTurns();
  const importNext = async (source: Source) => {
    const place = target(source);
    await oneByOne(place.key, () => importOne(how, source, place)).then(
      (imported) => told(work, source, imported, tally),
      (error) => toldOf(work, source, error, { tally, isSingle }),
    );
  };
  await inParallel(sources, parallel, importNext).catch((error) => {
    throw asFailure(error, { left: `what was not imported; ${summary(tally)}` });
  });
  conclude(work, { tally, isSingle });
}

/** Sources of one target take turns: the second finds what the first has put there. */
function createTurns() {
  const turns = new Map<string, Promise<unknown>>();
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    while (turns.has(key)) await turns.get(key);
    const done = work();
    turns.set(
      key,
      done.catch(() => {}),
    );
    return done.finally(() => turns.delete(key));
  };
}

function told({ output }: Work, source: Source, imported: Imported, tally: Tally): void {
  const { skipped = new Set(), ...item } = imported;
  const { outcome, authenticated, bytes = 0, to, format } = item;
  tally[outcome]++;
  tally.bytes += bytes;
  if (authenticated === false) tally.unauthenticated++;
  output.item({ source: source.name, ...item, ...tellSkipped(output, shown(source.name), skipped) });
  const as = format ? ` as ${format}` : '';
  const size = outcome === 'imported' ? `, ${humanBytes(bytes)}` : '';
  const label = authenticated === false ? ` ${output.styled('yellow', 'UNAUTHENTICATED')}` : '';
  output.say(`${outcome.padEnd(12)} ${shown(source.name)}${as} -> ${shown(to)}${size}${label}`);
}

function toldOf(
  { output, interrupted }: Work,
  source: Source,
  error: unknown,
  { tally, isSingle }: { tally: Tally; isSingle: boolean },
): void {
  const failure = asFailure(error);
  if (interrupted.aborted || concernsAll(failure)) throw failure;
  tally.failed++;
  tally.last = failure;
  const { code, message, todo, detail } = failure;
  output.item({ source: source.name, outcome: 'failed', code, message, todo, detail });
  // A single one's failure is the end of the command, which tells of it.
  if (isSingle) return;
  output.say(
    `${output.styled('red', 'FAILED'.padEnd(12))} ${shown(source.name)}: ${shown(message)} (${code})`,
  );
}

function conclude({ output }: Work, { tally, isSingle }: { tally: Tally; isSingle: boolean }): void {
  const { last, ...counts } = tally;
  const total = tally.imported + tally.already + tally['would-import'] + tally.failed;
  output.item({ total, ...counts });
  if (total === 0) throw new Failure('file-missing', 'Cannot import: nothing lies there');
  if (last && isSingle) throw last;
  output.say(summary(tally));
  if (last) throw new Failure('in-part', `Cannot import all: ${tally.failed} of ${total} failed`);
}

function summary(tally: Tally): string {
  const { imported, already, failed, unauthenticated, bytes } = tally;
  const parts = [
    tally['would-import'] > 0 && `${tally['would-import']} would be imported`,
    (imported > 0 || tally['would-import'] === 0) && `${imported} imported, ${humanBytes(bytes)}`,
    unauthenticated > 0 && `${unauthenticated} of them unauthenticated`,
    already > 0 && `${already} there already`,
    failed > 0 && `${failed} failed`,
  ];
  return parts.filter(Boolean).join('; ');
}
