import { findChannel } from '../buckets/live-channel';
import { bucketOf, type Operation } from '../store/operation';
import { xmlDocument } from '../wire/xml';

/** GET /bucket/channel?live&comp=history : always empty. Throws NoSuchLiveChannel. */
export const getLiveChannelHistory: Operation = (oss, request) => {
  findChannel(bucketOf(oss, request), request);
  return { status: 200, xml: xmlDocument('LiveChannelHistory', '') };
};
