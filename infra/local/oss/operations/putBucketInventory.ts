import { saveSetting } from '../bucket';
import { withLowerCaseFlags } from '../complete-setting';
import { OssError } from '../errors';
import { inventoryId, inventoryName } from '../inventory';
import { bucketOf, changeBucket, type Operation } from '../operation';
import { bodyText } from '../request';
import { children, parseXml, text } from '../xml';

/** PUT /bucket?inventory&inventoryId : one more inventory. Throws MalformedXML, InvalidArgument, InventoryAlreadyExist. */
export const putBucketInventory: Operation = async (oss, request) => {
  const id = inventoryId(request);
  const document = withLowerCaseFlags(await bodyText(request));
  check(document, id);
  return changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    if (bucket.settings.has(inventoryName(id))) throw new OssError('InventoryAlreadyExist');
    await saveSetting(bucket, inventoryName(id), document);
    return { status: 200 };
  });
};

const required = ['Destination', 'Schedule', 'IncludedObjectVersions', 'IsEnabled'];

function check(document: string, id: string): void {
  const content = parseXml(document, 'InventoryConfiguration');
  const given = text(content, 'Id');
  if (given === undefined) throw new OssError('MalformedXML', { ec: '0020-00000005' });
  if (given !== id) {
    throw new OssError('InvalidArgument', {
      message: 'The inventoryId is not the Id of the configuration.',
      ec: '0020-00000043',
    });
  }
  if (required.some((name) => children(content, name).length === 0)) throw new OssError('MalformedXML');
}
