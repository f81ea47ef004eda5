import { listVersions, type PageMarker, type Version } from '../../../functions/cloud/versions';
import { openQueue } from '../../cloud/queue';
import { type Check, type Finding, finding, ok, type Patient, unlessMissing } from './check';
import { duration } from './services';

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
    run: waitingUploads,
  },
];

async function deadLetters({ session }: Patient): Promise<Finding[]> {
  const name = `${session.deployment.name}-dead-letter`;
  const counts = await unlessMissing(openQueue(session, name).counts());
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

async function waitingUploads(patient: Patient): Promise<Finding[]> {
  const { declared, isDeep } = patient;
  const { count, oldest, isAll } = await current(patient);
  const sweep = declared.functions.find(({ resource }) => resource === 'sweep');
  const graceMs = Number(sweep?.environmentVariables.ENVELOPE_GRACE_SECONDS || 900) * 1000;
  const among = isAll || isDeep ? '' : ' of the first 1,000 versions (--deep looks at all)';
  if (!oldest) return [ok(`nothing waits in the inbox${among}`)];
  const age = patient.now() - Date.parse(oldest.lastModified);
  const says = `${count} upload${count === 1 ? '' : 's'} in the inbox${among}, the oldest for ${duration(age)}: ${oldest.key}`;
  if (age <= 2 * graceMs) return [ok(says)];
  const todo = `mend what stands above, then hand all on: npx s sweep invoke -e '{"all": true}'; oss-envelope reconcile tells the rest`;
  return [finding(says, todo)];
}

/** Versions that are on top: those below were replaced or withdrawn. */
async function current({ session, isDeep }: Patient) {
  let count = 0;
  let oldest: Version | undefined;
  for (let after: PageMarker | undefined; ; ) {
    const client = await session.oss(session.deployment.inboxBucket);
    const { versions, next } = await listVersions(client, { maxKeys: 1000, after });
    for (const version of versions.filter(({ isCurrent }) => isCurrent)) {
      count++;
      if (!oldest || version.lastModified < oldest.lastModified) oldest = version;
    }
    if (!next || !isDeep || session.interrupted.aborted) return { count, oldest, isAll: !next };
    after = next;
  }
}
