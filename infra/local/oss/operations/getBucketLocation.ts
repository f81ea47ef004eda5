import type { Operation } from '../store/operation';
import { xmlDocument } from '../wire/xml';

/** GET /bucket?location */
export const getBucketLocation: Operation = ({ region }) => {
  return { status: 200, xml: xmlDocument('LocationConstraint', `oss-${region}`) };
};
