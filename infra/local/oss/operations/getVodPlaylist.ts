import { findChannel } from '../buckets/live-channel';
import { bucketOf, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';

/** GET /bucket/channel?vod and POST /bucket/channel/playlist?vod : InvalidArgument, as there are never any fragments. */
export const getVodPlaylist: Operation = (oss, request) => {
  const key = request.method === 'POST' ? request.key.replace(/\/[^/]*$/, '') : request.key;
  findChannel(bucketOf(oss, request), { ...request, key });
  throw new OssError('InvalidArgument', { message: 'No ts file found in specified time span.' });
};
