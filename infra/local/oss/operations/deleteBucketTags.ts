import { tagsOf } from '../buckets/check-setting';
import { saveSetting } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';
import { parseXml, xmlDocument } from '../wire/xml';

/** DELETE /bucket?tagging : all tags of the bucket, or with ?tagging=a,b those of these keys. */
export const deleteBucketTags: Operation = (oss, request) =>
  changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    const named = request.query.get('tagging') || undefined;
    const document = bucket.settings.get('tagging');
    const left = named && document ? without(document, named.split(',')) : undefined;
    await saveSetting(bucket, 'tagging', left);
    return { status: 204 };
  });

function without(document: string, keys: string[]): string {
  const tags = tagsOf(parseXml(document, 'Tagging')).filter(({ key }) => !keys.includes(key));
  const Tag = tags.map(({ key, value }) => ({ Key: key, Value: value }));
  return xmlDocument('Tagging', { TagSet: { Tag } });
}
