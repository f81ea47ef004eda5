import { findChannel } from '../buckets/live-channel';
import { bucketOf, type Operation } from '../store/operation';
import { xmlDocument } from '../wire/xml';

/** GET /bucket/channel?live&comp=stat : nobody ever streams here. Throws NoSuchLiveChannel. */
export const getLiveChannelStat: Operation = (oss, request) => {
  const { status } = findChannel(bucketOf(oss, request), request);
  const told = { Status: status === 'enabled' ? 'Idle' : 'Disabled' };
  return { status: 200, xml: xmlDocument('LiveChannelStat', told) };
};
