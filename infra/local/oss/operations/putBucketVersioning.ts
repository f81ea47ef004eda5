import { saveBucket } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';
import { bodyText } from '../wire/request';
import { parseXml, text } from '../wire/xml';

/** PUT /bucket?versioning : Enabled or Suspended. Throws MalformedXML. */
export const putBucketVersioning: Operation = async (oss, request) => {
  const status = text(parseXml(await bodyText(request), 'VersioningConfiguration'), 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') throw new OssError('MalformedXML');
  return changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    await saveBucket({ ...bucket, versioning: status });
    bucket.versioning = status;
    return { status: 200 };
  });
};
