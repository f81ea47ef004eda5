import { saveSetting } from '../bucket';
import { channelDocument, channelSetting, findChannel, readStatus } from '../live-channel';
import { bucketOf, changeBucket, type Operation } from '../operation';

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
