import type { DeleteMarker, Version } from '../../../functions/cloud/versions';
import { holdings } from '../../cloud/holdings';
import { deadLetterQueue } from '../../cloud/queue';
import { duration } from '../../terminal/human';
import { type Check, type Finding, finding, ok, type Patient, unlessMissing } from './check';

const subject = 'backlog';

export const backlogChecks: Check<Patient>[] = [
  {
    subject,
    looksAt: 'the dead-letter queue',
    needs: 'mns:GetQueueAttributes of the queue',
    run: deadLetters,
  },
  {
    subject,
    looksAt: 'what waits in the inbox',
    needs: 'oss:ListObjectVersions of the inbox',
    run: uploads,
  },
];

async function deadLetters({ session }: Patient): Promise<Finding[]> {
  const queue = deadLetterQueue(session);
  const { name } = queue;
  const counts = await unlessMissing(queue.counts());
  if (!counts)
    return [finding(`there is no queue ${name}: what fails for good is lost`, 'npx s infra deploy -y')];
  const letters = counts.active + counts.inactive;
  if (letters === 0) return [ok(`the queue ${name} is empty`)];
  const hidden = counts.inactive === 0 ? '' : `, ${counts.inactive} of them in somebody's hands`;
  const says = `${letters} dead letter${letters === 1 ? '' : 's'} in ${name}${hidden}: uploads that were not sealed`;
  return [
    finding(
      says,
      'oss-envelope dead-letters list: each says why; then mend that and oss-envelope dead-letters replay',
    ),
  ];
}

async function uploads(patient: Patient): Promise<Finding[]> {
  const inbox = await look(patient);
  const among = inbox.isAll || patient.isDeep ? '' : ' of the first 1,000 versions (--deep looks at all)';
  return [waiting(patient, inbox, among), withdrawn(patient, inbox, among)];
}

/** `count`: how many; `oldest`: since when. */
type Seen<T> = { count: number; oldest: T | undefined };
type Inbox = { current: Seen<Version>; hidden: Seen<DeleteMarker>; isAll: boolean };

const PAGE = 1000;

async function look({ session, isDeep }: Patient): Promise<Inbox> {
  const inbox: Inbox = {
    current: { count: 0, oldest: undefined },
    hidden: { count: 0, oldest: undefined },
    isAll: false,
  };
  let listed = 0;
  const place = { bucket: session.deployment.inboxBucket, key: '' };
  for await (const { versions, markers } of holdings(session, place)) {
    const current = versions.find(({ isCurrent }) => isCurrent);
    if (current) note(inbox.current, current, 1);
    else if (versions.length > 0) note(inbox.hidden, markers[0], versions.length);
    listed += versions.length + markers.length;
    if ((listed >= PAGE && !isDeep) || session.interrupted.aborted) return inbox;
  }
  return { ...inbox, isAll: true };
}

function note<T extends Pick<Version, 'lastModified'>>(
  seen: Seen<T>,
  one: T | undefined,
  count: number,
): void {
  seen.count += count;
  if (one && (!seen.oldest || one.lastModified < seen.oldest.lastModified)) seen.oldest = one;
}

function waiting({ declared, now }: Patient, { current: { count, oldest } }: Inbox, among: string): Finding {
  if (!oldest) return ok(`nothing waits in the inbox${among}`);
  const age = now() - Date.parse(oldest.lastModified);
  const says = `${count} upload${count === 1 ? '' : 's'} in the inbox${among}, the oldest for ${duration(age)}: ${oldest.key}`;
  if (age <= 2 * sweepMs(declared, 'GRACE_SECONDS', 900)) return ok(says);
  const todo = `mend what stands above, then hand all on: npx s sweep invoke -e '{"all": true}'; oss-envelope reconcile tells the rest`;
  return finding(says, todo);
}

/** Below a delete marker. Two sweeps may have passed them by. */
function withdrawn({ declared, now }: Patient, { hidden: { count, oldest } }: Inbox, among: string): Finding {
  if (!oldest) return ok(`nothing that its owner deleted is left in the inbox${among}`);
  const age = now() - Date.parse(oldest.lastModified);
  const says = `${count} version${count === 1 ? '' : 's'} that their owners deleted, in plaintext, in the inbox${among}, deleted up to ${duration(age)} ago: ${oldest.key}`;
  const lifeMs = sweepMs(declared, 'WITHDRAWN_SECONDS', 604_800);
  if (age <= lifeMs + 2 * sweepMs(declared, 'INTERVAL_SECONDS', 900))
    return ok(`${says} (they stay for ${duration(lifeMs)})`);
  const todo =
    'the sweep does not remove them: its trigger (above), its log; one whose key has a segment . or .. or whose version id is null goes by ossutil rm --version-id';
  return finding(says, todo);
}

/** A time that the sweep is configured with. */
function sweepMs({ functions }: Patient['declared'], name: string, fallback: number): number {
  const sweep = functions.find(({ resource }) => resource === 'sweep');
  return Number(sweep?.environmentVariables[`ENVELOPE_${name}`] || fallback) * 1000;
}
