import { channelDocument, channelSetting, findChannel, readStatus } from '../buckets/live-channel';
import { saveSetting } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';

/** PUT /bucket/channel?live&status : enables or disables it. Throws NoSuchLiveChannel, InvalidArgument. */
export const putLiveChannelStatus: Operation = (oss, request) => {
  const status = readStatus(request.query.get('status'));
  return changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    const channel = { ...findChannel(bucket, request), status };
    await saveSetting(bucket, channelSetting(channel.name), channelDocument(channel));
    return { status: 200 };
  });
};
