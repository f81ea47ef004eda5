import { OssError } from '../errors';
import { bucketOf, type Operation } from '../operation';
import { styleName, styleSetting } from '../style';

/** GET /bucket?style&styleName : throws NoSuchStyle. */
export const getStyle: Operation = (oss, request) => {
  const xml = bucketOf(oss, request).settings.get(styleSetting(styleName(request)));
  if (xml === undefined) throw new OssError('NoSuchStyle');
  return { status: 200, xml };
};
