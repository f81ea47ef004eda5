import { defaultResourceGroup } from '../buckets/resource-group';
import type { Operation } from '../store/operation';
import { OssError } from '../wire/errors';
import { bodyText } from '../wire/request';
import { parseXml, text } from '../wire/xml';

/** PUT /bucket?resourceGroup : there is the default group only. Throws ResourceGroupIdPreCheckError. */
export const putBucketResourceGroup: Operation = async ({ accountId }, request) => {
  const id = text(parseXml(await bodyText(request), 'BucketResourceGroupConfiguration'), 'ResourceGroupId');
  if (id === undefined) throw new OssError('MalformedXML');
  if (id !== '' && id !== defaultResourceGroup(accountId)) throw new OssError('ResourceGroupIdPreCheckError');
  return { status: 200 };
};
