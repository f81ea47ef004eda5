import { wormOf } from '../buckets/worm';
import { xmlTime } from '../store/event';
import { bucketOf, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';
import { xmlDocument } from '../wire/xml';

/** GET /bucket?worm : throws NoSuchWORMConfiguration. */
export const getBucketWorm: Operation = (oss, request) => {
  const worm = wormOf(bucketOf(oss, request), oss.now());
  if (!worm) throw new OssError('NoSuchWORMConfiguration');
  const xml = xmlDocument('WormConfiguration', {
    WormId: worm.id,
    State: worm.locked ? 'Locked' : 'InProgress',
    RetentionPeriodInDays: worm.days,
    CreationDate: xmlTime(worm.created),
  });
  return { status: 200, xml };
};
