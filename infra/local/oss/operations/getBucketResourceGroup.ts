import type { Operation } from '../operation';
import { defaultResourceGroup } from '../resource-group';
import { xmlDocument } from '../xml';

/** GET /bucket?resourceGroup */
export const getBucketResourceGroup: Operation = ({ accountId }) => {
  const group = { ResourceGroupId: defaultResourceGroup(accountId) };
  return { status: 200, xml: xmlDocument('BucketResourceGroupConfiguration', group) };
};
