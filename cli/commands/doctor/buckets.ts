import type { Tags } from '../../../infra/declared/deployment';
import { type BucketInfo, bucketInfo } from '../../cloud/bucket-settings';
import { lifecycle, policy } from './bucket-rules';
import { type Check, type Finding, finding, ok, type Patient, unlessMissing } from './check';

const subject = 'buckets';

/** Three checks for each bucket that the template declares. */
export function bucketChecks({ declared }: Pick<Patient, 'declared'>): Check<Patient>[] {
  return [...declared.buckets].flatMap(([id, wanted]): Check<Patient>[] => {
    const bucket = String(wanted.BucketName);
    const of = `of ${bucket}`;
    return [
      {
        ...{ subject, looksAt: `the settings ${of}`, needs: `oss:GetBucketInfo ${of}` },
        run: (patient) => settings(patient, bucket, wanted),
      },
      {
        ...{ subject, looksAt: `the lifecycle ${of}`, needs: `oss:GetBucketLifecycle ${of}` },
        run: (patient) => lifecycle(patient, { id, bucket }, wanted),
      },
      {
        ...{ subject, looksAt: `the policy ${of}`, needs: `oss:GetBucketPolicy ${of}` },
        run: (patient) => policy(patient, bucket, wanted),
      },
    ];
  });
}

async function settings({ session }: Patient, bucket: string, wanted: Tags): Promise<Finding[]> {
  const info = await unlessMissing(bucketInfo(session.oss(bucket)));
  if (!info) {
    const todo = 'check the names in .env; where nothing was deployed yet: npx s infra deploy -y';
    return [finding(`there is no bucket ${bucket}`, todo)];
  }
  const isInbox = bucket === session.deployment.inboxBucket;
  const place = { bucket, region: session.region, isInbox };
  const broken = [...keepingRules(info, wanted, place), ...accessRules(info, wanted, place)].filter(
    ([isKept]) => !isKept,
  );
  const findings = broken.map(([, says, todo]) => finding(`${bucket}: ${says}`, todo));
  const logged = info.logBucket === '' ? '' : ', logged';
  return findings.length > 0
    ? findings
    : [ok(`${bucket}: ${info.versioning ? 'versioned, ' : ''}private, encrypted${logged}`)];
}

/** Whether it is as declared; what to say and do where it is not. */
type Rule = [isKept: boolean, says: string, todo: string];
type Place = { bucket: string; region: string; isInbox: boolean };

function keepingRules({ region, versioning, encryption }: BucketInfo, wanted: Tags, place: Place): Rule[] {
  const { bucket, isInbox } = place;
  const Status = within(wanted, 'VersioningConfiguration').Status;
  const { SSEAlgorithm } = within(wanted, 'ServerSideEncryptionConfiguration');
  return [
    [
      region === place.region,
      `it is in ${region}, the functions are in ${place.region}`,
      'choose a bucket of the region: its name in .env, then npx s infra deploy -y',
    ],
    [
      Status === undefined || versioning === Status,
      `versioning is ${versioning || 'off'}: ${isInbox ? 'uploads are not sealed' : 'what is overwritten is lost'}`,
      `ossutil bucket-versioning --method put oss://${bucket} enabled`,
    ],
    [
      encryption === SSEAlgorithm,
      `it encrypts at rest with ${encryption}, not ${SSEAlgorithm}`,
      `ossutil bucket-encryption --method put oss://${bucket} --sse-algorithm ${SSEAlgorithm}`,
    ],
  ];
}

function accessRules(
  { acl, blocksPublicAccess, logBucket, logPrefix }: BucketInfo,
  wanted: Tags,
  { bucket }: Place,
): Rule[] {
  const { TargetBucket, TargetPrefix = '' } = within(wanted, 'LoggingConfiguration');
  const where = logBucket === '' ? 'nowhere' : `to ${logBucket}/${logPrefix}`;
  return [
    [acl === wanted.AccessControl, `its ACL is ${acl}`, `ossutil set-acl oss://${bucket} private -b`],
    [
      blocksPublicAccess || wanted.BlockPublicAccess !== true,
      'it does not block public access',
      `console of OSS, ${bucket}, Permission Control, Block Public Access`,
    ],
    [
      TargetBucket === undefined || (logBucket === TargetBucket && logPrefix === TargetPrefix),
      `who reads and writes it is logged ${where}`,
      `ossutil logging --method put oss://${bucket} oss://${TargetBucket}/${TargetPrefix}`,
    ],
  ];
}

function within(wanted: Tags, name: string): Record<string, string | undefined> {
  return Object(wanted[name]);
}
