import { styleName, styleSetting } from '../buckets/style';
import { bucketOf, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';

/** GET /bucket?style&styleName : throws NoSuchStyle. */
export const getStyle: Operation = (oss, request) => {
  const xml = bucketOf(oss, request).settings.get(styleSetting(styleName(request)));
  if (xml === undefined) throw new OssError('NoSuchStyle');
  return { status: 200, xml };
};
