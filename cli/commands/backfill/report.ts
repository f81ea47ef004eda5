import type { FaultCode } from '../../../functions/fault';
import { letterIn } from '../../cloud/letter';
import type { Message } from '../../cloud/queue';
import { showLocation } from '../../files/location';
import type { Deployed } from '../../session/session';
import { asFailure, Failure } from '../../terminal/failure';
import type { Output } from '../../terminal/output';
import { shown } from '../../terminal/shown';
import type { Seen } from './hand-over';
import { type Fate, fates, lettersIn, type SettlementTools } from './settlement';

type Totals = Record<Fate, number> & {
  listed: number;
  refused: Partial<Record<FaultCode, number>>;
  doubts: number;
};

/** What a reader of names should know of each that is in doubt. */
const DOUBTS: Partial<Record<Fate, string>> = {
  waiting: 'it is in the inbox still',
  gone: 'it is neither in the inbox nor in the vault, or its owner has hidden it',
};

/** Tells what is in doubt, and what became of all: the end of a backfill. Throws `in-part` where anything is. */
export async function report(output: Output, tools: SettlementTools): Promise<void> {
  const totals: Totals = newTotals();
  for await (const { step, fate } of fates(tools)) {
    totals.listed++;
    const refused = fate === 'waiting' ? step.refused : undefined;
    if (refused) totals.refused[refused] = (totals.refused[refused] ?? 0) + 1;
    else totals[fate]++;
    // Whoever removed what was refused has done what is to be done about it.
    const doubt = refused
      ? `the function does not take it: ${refused}`
      : step.refused
        ? undefined
        : DOUBTS[fate];
    if (doubt === undefined) continue;
    totals.doubts++;
    output.item({ key: step.key, versionId: step.versionId, doubt: refused ?? fate });
    output.say(`${output.styled('yellow', 'in doubt')}  ${shown(step.key)}: ${doubt}`);
  }
  await conclude(output, tools, totals);
}

async function conclude(output: Output, tools: SettlementTools, totals: Totals): Promise<void> {
  const { journal, queue } = tools;
  const now = await lettersIn(queue);
  const first = await firstLetter(tools);
  const refused = Object.values(totals.refused).reduce((sum, count) => sum + count, 0);
  const { doubts } = totals;
  const { letters: before } = journal.beginning;
  output.item({ ...totals, deadLetters: { before, now, first } });
  for (const [name, count] of Object.entries({ ...totals, refused }))
    output.say(`${name.padEnd(15)} ${count}`);
  output.say(`dead letters    ${lettersLine(before, now, first)}`);
  if (doubts === 0) return journal.remove();
  throw new Failure(
    'in-part',
    `Cannot prove that all of it is sealed: ${doubts} of ${totals.listed} in doubt`,
    {
      left: `what is in doubt, where it was; ${journal.file} knows what was handed over`,
      todo:
        'see oss-envelope dead-letters list; mend and replay, then run the same command again: it looks again. ' +
        `Without ${journal.file} it begins anew`,
    },
  );
}

function newTotals(): Totals {
  return {
    listed: 0,
    sealed: 0,
    'already-sealed': 0,
    superseded: 0,
    waiting: 0,
    gone: 0,
    refused: {},
    doubts: 0,
  };
}

/** Only the first can be looked at without hiding it from others. */
async function firstLetter({ queue }: SettlementTools) {
  try {
    const message: Message | undefined = await queue.peek();
    return message && { id: message.id, code: letterIn(message).code };
  } catch (error) {
    if (asFailure(error).code === 'mns-refused') return undefined;
    throw error;
  }
}

function lettersLine(
  before: number | undefined,
  now: number | undefined,
  first: { code: string } | undefined,
): string {
  if (now === undefined) return 'unknown: this identity may not look at the queue';
  const change = before === undefined ? '' : `, ${before} when this began`;
  return `${now}${change}${first ? `; the first is ${first.code}, the others are not looked at` : ''}`;
}

/** The end of a dry run. */
export function reportDryRun(output: Output, session: Deployed, seen: Seen, rate: number): void {
  const seconds = Math.ceil(seen.invoked / rate);
  output.item({ ...seen, seconds });
  const { refused, ...counts } = seen;
  for (const [name, count] of Object.entries({ ...counts, ...refused }))
    output.say(`${name.padEnd(18)} ${count}`);
  const inbox = showLocation({ bucket: session.deployment.inboxBucket, key: '' });
  output.say(
    `nothing was handed over; at ${rate} a second it would take ${seconds} s; ${inbox} is as it was`,
  );
}
