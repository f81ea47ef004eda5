import type { Operation } from '../operation';
import { xmlDocument } from '../xml';

/** GET /bucket?location */
export const getBucketLocation: Operation = ({ region }) => {
  return { status: 200, xml: xmlDocument('LocationConstraint', `oss-${region}`) };
};
