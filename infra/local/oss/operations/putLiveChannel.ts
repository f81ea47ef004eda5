import { channelDocument, channelSetting, channelUrls, readChannel } from '../buckets/live-channel';
import { saveSetting } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';
import { bodyText } from '../wire/request';
import { parseXml, xmlDocument } from '../wire/xml';

/** PUT /bucket/channel?live : makes a live channel, or replaces it. Throws MalformedXML, InvalidArgument. */
export const putLiveChannel: Operation = async (oss, request) => {
  const content = parseXml(await bodyText(request), 'LiveChannelConfiguration');
  const channel = { ...readChannel(request.key, content), modified: oss.now() };
  return changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    await saveSetting(bucket, channelSetting(channel.name), channelDocument(channel));
    return {
      status: 200,
      xml: xmlDocument('CreateLiveChannelResult', channelUrls(oss, bucket.name, channel)),
    };
  });
};
