import { bucketOf, type Operation } from '../store/operation';
import { xmlDocument } from '../wire/xml';

/** GET /bucket?versioning : without a Status when it was never set. */
export const getBucketVersioning: Operation = (oss, request) => {
  const { versioning } = bucketOf(oss, request);
  return { status: 200, xml: xmlDocument('VersioningConfiguration', { Status: versioning }) };
};
