import type { Setting } from '../buckets/settings';
import { bucketOf, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';
import { xmlDocument } from '../wire/xml';

/** GET /bucket?<sub> : the document as it came in, or the default. Throws when there is neither. */
export function getBucketSetting({ sub, root, missing, unset = '' }: Setting): Operation {
  return (oss, request) => {
    const bucket = bucketOf(oss, request);
    const xml = bucket.settings.get(sub);
    if (xml !== undefined) return { status: 200, xml };
    if (missing) throw new OssError(missing, { extra: { BucketName: bucket.name } });
    return { status: 200, xml: xmlDocument(root, unset) };
  };
}
