import { findChannel } from '../live-channel';
import { bucketOf, type Operation } from '../operation';
import { xmlDocument } from '../xml';

/** GET /bucket/channel?live&comp=stat : nobody ever streams here. Throws NoSuchLiveChannel. */
export const getLiveChannelStat: Operation = (oss, request) => {
  const { status } = findChannel(bucketOf(oss, request), request);
  const told = { Status: status === 'enabled' ? 'Idle' : 'Disabled' };
  return { status: 200, xml: xmlDocument('LiveChannelStat', told) };
};
