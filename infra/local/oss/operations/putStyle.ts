import { styleName, styleSetting } from '../buckets/style';
import { httpTime } from '../objects/object-headers';
import { type Bucket, saveSetting } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';
import { bodyText } from '../wire/request';
import { parseXml, text, xmlDocument } from '../wire/xml';

/** PUT /bucket?style&styleName : kept, but images are not processed here. Throws MalformedXML. */
export const putStyle: Operation = async (oss, request) => {
  const name = styleName(request);
  const content = text(parseXml(await bodyText(request), 'Style'), 'Content');
  if (content === undefined) throw new OssError('MalformedXML');
  if (content === '') throw new OssError('InvalidArgument', { message: 'Style content is invalid.' });
  const category = request.query.get('category') || 'image';
  return changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    const now = httpTime(oss.now());
    const document = xmlDocument('Style', {
      Name: name,
      Content: content,
      Category: category,
      CreateTime: createTime(bucket, name) ?? now,
      LastModifyTime: now,
    });
    await saveSetting(bucket, styleSetting(name), document);
    return { status: 200 };
  });
};

function createTime({ settings }: Bucket, name: string): string | undefined {
  const before = settings.get(styleSetting(name));
  return before === undefined ? undefined : text(parseXml(before, 'Style'), 'CreateTime');
}
