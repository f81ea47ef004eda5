import { findChannel, targetOf } from '../buckets/live-channel';
import { bucketOf, type Operation } from '../store/operation';
import { xmlDocument } from '../wire/xml';

/** GET /bucket/channel?live : its configuration. Throws NoSuchLiveChannel. */
export const getLiveChannelInfo: Operation = (oss, request) => {
  const channel = findChannel(bucketOf(oss, request), request);
  const { description, status } = channel;
  const told = { Description: description, Status: status, Target: targetOf(channel) };
  return { status: 200, xml: xmlDocument('LiveChannelConfiguration', told) };
};
