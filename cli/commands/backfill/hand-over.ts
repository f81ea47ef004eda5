import type { Version } from '../../../functions/cloud/versions';
import type { FaultCode } from '../../../functions/fault';
import { holdings } from '../../cloud/holdings';
import { type Accepting, refusalOf } from '../../cloud/refusal';
import type { EncryptTasks } from '../../cloud/tasks';
import type { Location } from '../../files/location';
import { inOrder } from '../../session/in-order';
import type { Pace } from '../../session/pace';
import type { Session } from '../../session/session';
import type { Step } from './earlier';
import type { Journal } from './journal';

export type HandOverTools = {
  session: Session;
  place: Location;
  /** Absent: nothing is handed over, only counted. */
  journal: Journal | undefined;
  tasks: EncryptTasks;
  pace: Pace;
  /** Calls under way at once. */
  parallel: number;
  accepting: Accepting;
  /** Hears of each upload, in the order of keys. */
  onStep(step: Step): void;
};

/** Numbers of uploads. */
export type Seen = {
  listed: number;
  /** Handed to the encrypt function; in a dry run: would be. */
  invoked: number;
  /** Of those, asked for before: Function Compute knows the task. */
  known: number;
  /** Of those, from before the bucket had versions. */
  unversioned: number;
  /** By the code with which the function would refuse them. */
  refused: Partial<Record<FaultCode, number>>;
  /** Below a current version: they go when it is sealed. */
  older: number;
  /** Hidden by a delete marker of their owner. */
  withdrawn: number;
};

/** Goes through the current versions under a prefix, from where the journal ends, and hands each over. */
export async function handOver(tools: HandOverTools): Promise<Seen> {
  const { journal, parallel, onStep } = tools;
  const seen: Seen = { listed: 0, invoked: 0, known: 0, unversioned: 0, refused: {}, older: 0, withdrawn: 0 };
  const announce = (current: Version) =>
    announced(tools, current, { step: stepOf(tools, current, seen), seen });
  for await (const step of inOrder(currents(tools, seen), parallel, announce)) {
    await journal?.write(step);
    onStep(step);
  }
  return seen;
}

async function* currents({ session, place, journal }: HandOverTools, seen: Seen): AsyncGenerator<Version> {
  for await (const { versions } of holdings(session, place, journal?.lastKey)) {
    session.interrupted.throwIfAborted();
    const current = versions.find(({ isCurrent }) => isCurrent);
    seen[current ? 'older' : 'withdrawn'] += versions.length - (current ? 1 : 0);
    if (current) yield current;
  }
}

function stepOf({ accepting }: HandOverTools, current: Version, seen: Seen): Step {
  const { key, versionId } = current;
  const refused = refusalOf(current, accepting);
  seen.listed++;
  if (refused) {
    seen.refused[refused] = (seen.refused[refused] ?? 0) + 1;
    return { key, versionId, refused };
  }
  seen.invoked++;
  if (versionId === 'null') seen.unversioned++;
  return { key, versionId };
}

type Stepping = { step: Step; seen: Seen };

async function announced(
  { tasks, journal, pace }: HandOverTools,
  current: Version,
  { step, seen }: Stepping,
): Promise<Step> {
  if (step.refused || !journal) return step;
  await pace();
  const isNew = await tasks.announceOnce(current, 'backfill');
  if (!isNew) seen.known++;
  return step;
}
