import { withLowerCaseFlags, withSortedClasses } from '../buckets/complete-setting';
import { inventoryId, inventoryName } from '../buckets/inventory';
import { saveSetting } from '../store/bucket';
import { bucketOf, changeBucket, type Operation, type Oss } from '../store/operation';
import { OssError } from '../wire/errors';
import { bodyText } from '../wire/request';
import { children, type Node, parseXml, text } from '../wire/xml';

/** PUT /bucket?inventory&inventoryId : one more inventory. Throws MalformedXML, InvalidArgument, InventoryAlreadyExist. */
export const putBucketInventory: Operation = async (oss, request) => {
  const id = inventoryId(request);
  const document = withSortedClasses(withLowerCaseFlags(await bodyText(request)));
  check(document, id, oss);
  return changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    if (bucket.settings.has(inventoryName(id))) throw new OssError('InventoryAlreadyExist');
    await saveSetting(bucket, inventoryName(id), document);
    return { status: 200 };
  });
};

const required = ['Destination', 'Schedule', 'IncludedObjectVersions', 'IsEnabled'];

function check(document: string, id: string, { store }: Oss): void {
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
  const [destination] = children(children(content, 'Destination')[0], 'OSSBucketDestination');
  if (destination === undefined) throw new OssError('MalformedXML');
  checkDestination(destination, store);
}

// ECs of the pages 0020-00000032 and -33; two ways to encrypt at once are no valid document.
function checkDestination(destination: Node, { buckets }: Oss['store']): void {
  const [encryption = ''] = children(destination, 'Encryption');
  const ways = [...children(encryption, 'SSE-KMS'), ...children(encryption, 'SSE-OSS')];
  if (ways.length > 1) throw new OssError('MalformedXML');
  const given = text(destination, 'Bucket') ?? '';
  const [, name] = /^acs:oss:::([a-z0-9-]{3,63})$/.exec(given) ?? [];
  if (name !== undefined && buckets.has(name)) return;
  throw new OssError('InvalidArgument', {
    message: 'The destination bucket of the inventory is invalid.',
    ec: name === undefined ? '0020-00000032' : '0020-00000033',
    extra: { ArgumentName: 'Bucket', ArgumentValue: given },
  });
}
