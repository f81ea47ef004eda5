import type { Bucket, Worm } from './bucket';
import { OssError } from './errors';
import { children, parseXml, text } from './xml';

const day = 24 * 60 * 60_000;

/** The bucket's retention policy; one that was not locked within 24 hours is no more. */
export function wormOf({ worm }: Bucket, now: number): Worm | undefined {
  return worm && (worm.locked || now - worm.created < day) ? worm : undefined;
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
  if (given === undefined) throw new OssError('MalformedXML');
  const days = text(content, 'RetentionPeriodInDays') ?? '';
  if (/^[1-9]\d{0,4}$/.test(days) && Number(days) <= 25_550) return Number(days);
  throw new OssError('InvalidArgument', {
    message: 'The RetentionPeriodInDays must be between 1 and 25550.',
    extra: { ArgumentName: 'RetentionPeriodInDays', ArgumentValue: days },
  });
}
