import { styles } from '../buckets/style';
import { bucketOf, type Operation } from '../store/operation';
import { documentIn, xmlDocument } from '../wire/xml';

/** GET /bucket?style : the image styles, the oldest first. */
export const listStyle: Operation = (oss, request) => {
  const documents = styles(bucketOf(oss, request).settings).map(documentIn).join('');
  return { status: 200, xml: xmlDocument('StyleList', '').replace('</', () => `${documents}</`) };
};
