import { inParallel } from '../../../functions/transfer/transfer';
import { checkVersioned } from '../../cloud/described';
import { type Current, currentVersions } from '../../cloud/histories';
import { type RewrapOptions, type Rewrapped, readEnvelope, rewrap } from '../../envelope/rewrap';
import { destinationOf } from '../../envelope/wrapped-header';
import { type Location, showLocation } from '../../files/location';
import type { Work } from '../../session/run';
import { concernsAll } from '../../terminal/concerns-all';
import { asFailure, Failure } from '../../terminal/failure';
import { foresee, leastSeconds, newForecast, sayForecast } from './forecast';

export type Options = {
  to: string;
  from?: string;
  trustKey?: string[];
  dryRun?: true;
  dropOld?: true;
  verifyOpen?: true;
  parallel: number;
};

type Outcome = Rewrapped['outcome'] | 'due' | 'failed';

/** What is done with one envelope: its outcome, and what to tell of it. */
type Act = (found: Current) => Promise<{ outcome: Outcome } & object>;

/** Rewraps what is under a prefix. Throws `in-part` where some of it failed, and what keeps all of it from being done. */
export async function rewrapAll(work: Work, place: Location, options: Options): Promise<void> {
  const session = await work.session();
  await checkVersioned(session, place.bucket);
  const to = await destinationOf(session, options.to);
  const { from, trustKey, dropOld: dropsOld = false, verifyOpen: opens = false, parallel } = options;
  const how: RewrapOptions = { bucket: place.bucket, to, from, trustKey, dropsOld, opens };
  const forecast = newForecast();
  const foreseen: Act = async ({ version, isAlone }) => {
    const { choice, stored } = await readEnvelope(session, how, version);
    if (choice === 'already' || choice === 'other-key') return { outcome: choice };
    foresee(forecast, { size: stored.size, isAlone, dropsOld });
    return { outcome: 'due' };
  };
  const act: Act = options.dryRun ? foreseen : (found) => rewrap(session, how, found);
  const counts: Counts = {};
  try {
    await inParallel(currentVersions(session, place), parallel, async (found) => {
      const outcome = await told(work, { ...place, key: found.version.key }, () => act(found));
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    });
  } finally {
    const forecasted = options.dryRun && { ...forecast, leastSeconds: leastSeconds(forecast) };
    work.output.item({ to: to.arn, counts, ...forecasted });
    if (options.dryRun) sayForecast(work.output, forecast);
    work.output.say(totals(counts, to.arn));
  }
  checkAll(counts, place);
}

/** Does it and tells of it; a failure is one envelope's, but for those that end everything. */
async function told(
  { output, interrupted }: Work,
  place: Location,
  act: () => ReturnType<Act>,
): Promise<Outcome> {
  try {
    const done = await act();
    output.item({ key: place.key, ...done });
    if (done.outcome === 'rewrapped') output.say(`rewrapped   ${showLocation(place)}`);
    return done.outcome;
  } catch (error) {
    const failure = asFailure(error, { left: `${showLocation(place)}, under the key that it had` });
    if (interrupted.aborted || concernsAll(failure)) throw failure;
    const { code, message, left, todo, detail } = failure;
    output.item({ key: place.key, outcome: 'failed', error: { code, message, left, todo, detail } });
    output.say(`failed      ${showLocation(place)}: ${message} (${code})`);
    return 'failed';
  }
}

const WORDS: Record<Outcome, string> = {
  rewrapped: 'rewrapped',
  due: 'to be rewrapped',
  already: 'under it already',
  'other-key': 'under another key than --from',
  hidden: 'deleted meanwhile',
  failed: 'failed',
};

type Counts = Partial<Record<Outcome, number>>;

function totals(counts: Counts, to: string): string {
  const said = Object.entries(counts).map(([outcome, times]) => `${times} ${WORDS[outcome as Outcome]}`);
  return `${said.join(', ') || 'no envelope there'}; key ${to}`;
}

function checkAll({ failed = 0, ...others }: Counts, place: Location): void {
  if (failed === 0) return;
  const all = failed + Object.values(others).reduce((sum, times) => sum + times, 0);
  throw new Failure('in-part', `Cannot rewrap all of ${showLocation(place)}: ${failed} of ${all} failed`, {
    left: 'what failed, under the key that it had',
  });
}
