import type { Bucket, Worm } from '../store/bucket';
import type { Version } from '../store/versions';
import { OssError } from '../wire/errors';
import { children, parseXml, text } from '../wire/xml';

const day = 24 * 60 * 60_000;

/** The bucket's retention policy; one that was not locked within 24 hours is no more. */
export function wormOf({ worm }: Bucket, now: number): Worm | undefined {
  return worm && (worm.locked || now - worm.created < day) ? worm : undefined;
}

/**
 * Whether nobody may remove or change this version yet: its days are counted from its last change on, and a policy
 * protects also before it is locked (OSS docs, "Retention policies").
 */
export function isRetained(bucket: Bucket, version: Version, now: number): boolean {
  const worm = wormOf(bucket, now);
  return worm !== undefined && !version.deleteMarker && now < version.modified + worm.days * day;
}

/** Throws FileImmutable for such a version. */
export function checkMutable(bucket: Bucket, version: Version | undefined, now: number): void {
  if (version && isRetained(bucket, version, now)) throw new OssError('FileImmutable');
}

/** The same, by its id. Throws NoSuchWORMConfiguration. */
export function findWorm(bucket: Bucket, wormId: string, now: number): Worm {
  const worm = wormOf(bucket, now);
  if (worm?.id === wormId) return worm;
  const message = worm && 'The specified WORM ID does not exist.';
  throw new OssError('NoSuchWORMConfiguration', message === undefined ? {} : { message });
}

/** Reads the days of a retention, 1 to 25550. Throws MalformedXML, InvalidArgument. */
export function readRetention(body: string, root: string): number {
  const content = parseXml(body, root);
  const [given] = children(content, 'RetentionPeriodInDays');
  if (given === undefined) throw new OssError('MalformedXML', { ec: '0027-00000004' });
  const days = text(content, 'RetentionPeriodInDays') ?? '';
  if (/^[1-9]\d{0,4}$/.test(days) && Number(days) <= 25_550) return Number(days);
  throw new OssError('InvalidArgument', {
    message: 'The RetentionPeriodInDays must be between 1 and 25550.',
    ec: /^-?\d+$/.test(days) ? '0027-00000002' : '0027-00000005',
    extra: { ArgumentName: 'RetentionPeriodInDays', ArgumentValue: days },
  });
}
