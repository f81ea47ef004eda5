import { firstObjects, oldestOf, oldestUpload } from '../../cloud/bucket-settings';
import { duration } from '../../terminal/human';
import { type Check, type Finding, finding, ok, type Patient } from './check';

type BucketName = 'inboxBucket' | 'vaultBucket' | 'downloadsBucket';

/** Days after which the template's rules, or the sweep, would have removed an unfinished upload, and one more. */
const MOST_DAYS: [BucketName, number][] = [
  ['inboxBucket', 8],
  ['vaultBucket', 3],
  ['downloadsBucket', 3],
];

/** What the sweep and the lifecycle should have taken away. */
export const leftoverChecks: Check<Patient>[] = [
  {
    ...{ subject: 'backlog', looksAt: 'downloads that are over', needs: 'oss:ListObjects of the downloads' },
    run: oldDownloads,
  },
  ...MOST_DAYS.map(
    ([which, days]): Check<Patient> => ({
      ...{ subject: 'backlog', looksAt: `unfinished uploads to the ${which.replace('Bucket', '')}` },
      needs: `oss:ListMultipartUploads of the ${which.replace('Bucket', '')}`,
      run: (patient) => unfinished(patient, patient.session.deployment[which], days),
    }),
  ),
];

const SWEEP_MS = 900_000;

/** Of the first thousand. Two sweeps may have passed them by. */
async function oldDownloads({ session, declared, now }: Patient): Promise<Finding[]> {
  const bucket = session.deployment.downloadsBucket;
  const sweep = declared.functions.find(({ resource }) => resource === 'sweep');
  const lifeMs = Number(sweep?.environmentVariables.ENVELOPE_DOWNLOAD_SECONDS || 3900) * 1000;
  const written = oldestOf((await firstObjects(session.oss(bucket))).objects);
  const age = written ? now() - written.getTime() : 0;
  if (age <= lifeMs + 2 * SWEEP_MS) return [ok(`${bucket}: no plaintext lies there for longer than it may`)];
  const says = `${bucket}: plaintext lies there since ${duration(age)}, and may for ${duration(lifeMs)}`;
  return [
    finding(
      says,
      "the sweep does not run, or may not delete: its trigger (above), its log, npx s sweep invoke -e '{}'",
    ),
  ];
}

async function unfinished({ session, now }: Patient, bucket: string, days: number): Promise<Finding[]> {
  const begun = await oldestUpload(session.oss(bucket));
  const age = begun ? now() - begun.getTime() : 0;
  if (age <= days * 86_400_000) return [ok(`${bucket}: no unfinished upload is older than ${days} days`)];
  const says = `${bucket}: an unfinished upload was begun ${duration(age)} ago, and its parts are still there`;
  const todo = `see that the lifecycle rule is there (above); ossutil ls -m oss://${bucket} lists them, ossutil rm -m oss://${bucket}/KEY removes them`;
  return [finding(says, todo)];
}
