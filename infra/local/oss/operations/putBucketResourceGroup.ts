import { OssError } from '../errors';
import type { Operation } from '../operation';
import { bodyText } from '../request';
import { defaultResourceGroup } from '../resource-group';
import { parseXml, text } from '../xml';

/** PUT /bucket?resourceGroup : there is the default group only. Throws ResourceGroupIdPreCheckError. */
export const putBucketResourceGroup: Operation = async ({ accountId }, request) => {
  const id = text(parseXml(await bodyText(request), 'BucketResourceGroupConfiguration'), 'ResourceGroupId');
  if (id === undefined) throw new OssError('MalformedXML');
  if (id !== '' && id !== defaultResourceGroup(accountId)) throw new OssError('ResourceGroupIdPreCheckError');
  return { status: 200 };
};
