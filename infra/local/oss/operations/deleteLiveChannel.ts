import { channelSetting, findChannel } from '../buckets/live-channel';
import { saveSetting } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';

/** DELETE /bucket/channel?live : Throws NoSuchLiveChannel. */
export const deleteLiveChannel: Operation = (oss, request) =>
  changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    await saveSetting(bucket, channelSetting(findChannel(bucket, request).name), undefined);
    return { status: 204 };
  });
