import { defaultResourceGroup } from '../buckets/resource-group';
import type { Operation } from '../store/operation';
import { xmlDocument } from '../wire/xml';

/** GET /bucket?resourceGroup */
export const getBucketResourceGroup: Operation = ({ accountId }) => {
  const group = { ResourceGroupId: defaultResourceGroup(accountId) };
  return { status: 200, xml: xmlDocument('BucketResourceGroupConfiguration', group) };
};
