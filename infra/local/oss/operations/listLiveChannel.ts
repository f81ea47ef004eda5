import { channels, channelUrls, type LiveChannel } from '../buckets/live-channel';
import { nameParameter, pageOf, pageSize } from '../objects/listing';
import { xmlTime } from '../store/event';
import { bucketOf, type Operation } from '../store/operation';
import { xmlDocument } from '../wire/xml';

/** GET /bucket?live : the live channels by name. */
export const listLiveChannel: Operation = (oss, request) => {
  const { query } = request;
  const bucket = bucketOf(oss, request);
  const prefix = nameParameter(query, 'prefix');
  const marker = nameParameter(query, 'marker');
  const maxKeys = pageSize(query.get('max-keys'), 'max-keys', { ec: '0044-00000101' });
  const page = pageOf(channels(bucket), { prefix, delimiter: '', after: marker, maxKeys });
  const told = (channel: LiveChannel) => ({
    Name: channel.name,
    Description: channel.description,
    Status: channel.status,
    LastModified: xmlTime(channel.modified),
    ...channelUrls(oss, bucket.name, channel),
  });
  const xml = xmlDocument('ListLiveChannelResult', {
    Prefix: prefix,
    Marker: marker,
    MaxKeys: maxKeys,
    IsTruncated: page.isTruncated,
    NextMarker: page.next?.key ?? '',
    LiveChannel: page.entries.map(({ value }) => told(value)),
  });
  return { status: 200, xml };
};
