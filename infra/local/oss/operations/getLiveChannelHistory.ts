import { findChannel } from '../live-channel';
import { bucketOf, type Operation } from '../operation';
import { xmlDocument } from '../xml';

/** GET /bucket/channel?live&comp=history : always empty. Throws NoSuchLiveChannel. */
export const getLiveChannelHistory: Operation = (oss, request) => {
  findChannel(bucketOf(oss, request), request);
  return { status: 200, xml: xmlDocument('LiveChannelHistory', '') };
};
