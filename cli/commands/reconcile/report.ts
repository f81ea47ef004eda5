import { encryptTasksOf } from '../../cloud/tasks';
import { trustedKeys } from '../../envelope/trusted-keys';
import { showLocation } from '../../files/location';
import { createPace, realClock } from '../../session/pace';
import type { Session } from '../../session/session';
import { Failure } from '../../terminal/failure';
import type { Output } from '../../terminal/output';
import { shown } from '../../terminal/shown';
import { type Doubt, TODO } from './doubts';
import type { Judged } from './judge';

/** Tells what is found, as it is found. */
export type Report = {
  key(judged: Judged): Promise<void>;
  /** Undefined: they may not be listed. */
  uploads(doubts: Doubt[] | undefined): Promise<void>;
  /** Throws `in-part` where anything is in doubt. */
  end(): Promise<void>;
};

type Totals = Record<keyof Omit<Judged, 'doubts'>, number> & {
  keys: number;
  doubts: number;
  /** Handed to the encrypt function. */
  handedOver: number;
  areUploadsKnown: boolean;
  /** Whether it is known which keys envelopes may be under. */
  areKeysKnown: boolean;
};

/** Events of a repair that are handed over in a second. */
const RATE = 20;

export function createReport(
  session: Session,
  output: Output,
  { fix = false }: { fix?: boolean | undefined },
): Report {
  const totals: Totals = { ...NOTHING };
  const tasks = encryptTasksOf(session);
  const pace = createPace(RATE, realClock(session.interrupted));
  const tell = async (doubt: Doubt) => {
    totals.doubts++;
    const isFixed = fix && doubt.fix !== undefined;
    if (isFixed) await pace();
    if (isFixed && doubt.fix) await tasks.announce(doubt.fix, 'reconcile');
    if (isFixed) totals.handedOver++;
    sayDoubt(output, doubt, isFixed);
  };
  return {
    async key({ doubts, ...counts }) {
      totals.keys++;
      for (const name of Object.keys(counts) as (keyof typeof counts)[]) totals[name] += counts[name];
      for (const doubt of doubts) await tell(doubt);
    },
    async uploads(doubts) {
      if (!doubts) totals.areUploadsKnown = false;
      for (const doubt of doubts ?? []) await tell(doubt);
    },
    async end() {
      totals.areKeysKnown = (await trustedKeys(session)) !== undefined;
      conclude(output, totals);
    },
  };
}

const NOTHING: Totals = {
  keys: 0,
  plaintext: 0,
  envelopes: 0,
  superseded: 0,
  withdrawn: 0,
  olderEnvelopes: 0,
  headers: 0,
  doubts: 0,
  handedOver: 0,
  areUploadsKnown: true,
  areKeysKnown: true,
};

function sayDoubt(output: Output, { fix: _, ...doubt }: Doubt, isFixed: boolean): void {
  const todo = isFixed ? 'handed to the encrypt function: look again when it has run' : TODO[doubt.what];
  output.item({ ...doubt, todo, isFixed });
  output.say(`${output.styled('yellow', doubt.what)}  ${shown(showLocation(doubt))}: ${shown(doubt.why)}`);
  output.say(`  to do: ${todo}`);
}

function conclude(output: Output, totals: Totals): void {
  output.item(totals);
  const {
    keys: names,
    plaintext,
    envelopes,
    superseded,
    withdrawn,
    olderEnvelopes,
    headers,
    doubts,
  } = totals;
  output.say(
    `held: ${plaintext} as plaintext in the inbox, ${envelopes} as envelopes in the vault, of ${names} keys`,
  );
  output.say(
    `besides: ${superseded} superseded and ${withdrawn} withdrawn versions in the inbox, ${olderEnvelopes} older in the vault`,
  );
  const uploads = totals.areUploadsKnown
    ? ''
    : '; unfinished uploads: unknown, this identity may not list them';
  const keys = totals.areKeysKnown ? '' : '; under which keys envelopes may be: unknown (fc:GetFunction)';
  output.say(`${headers} headers read, ${doubts} in doubt${uploads}${keys}`);
  if (doubts === 0) return;
  throw new Failure('in-part', `Cannot prove that everything is held in order: ${doubts} in doubt`, {
    left: totals.handedOver > 0 ? 'nothing was removed' : 'everything: it was only looked at',
    ...(totals.handedOver > 0 && { todo: 'run the same command again when the encrypt function has run' }),
  });
}
