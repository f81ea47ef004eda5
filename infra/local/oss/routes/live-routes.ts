import { deleteLiveChannel } from '../operations/deleteLiveChannel';
import { getLiveChannelHistory } from '../operations/getLiveChannelHistory';
import { getLiveChannelInfo } from '../operations/getLiveChannelInfo';
import { getLiveChannelStat } from '../operations/getLiveChannelStat';
import { getVodPlaylist } from '../operations/getVodPlaylist';
import { listLiveChannel } from '../operations/listLiveChannel';
import { putLiveChannel } from '../operations/putLiveChannel';
import { putLiveChannelStatus } from '../operations/putLiveChannelStatus';
import { type Route, route } from './route';

const span = ['startTime', 'endTime'];

/** The API calls about live channels; of two that fit equally the first is meant. */
export const liveRoutes: readonly Route[] = [
  route('ListLiveChannel', 'GET bucket?live', listLiveChannel, {
    parameters: ['prefix', 'marker', 'max-keys'],
  }),
  route('GetLiveChannelStat', 'GET object?live&comp=stat', getLiveChannelStat),
  route('GetLiveChannelHistory', 'GET object?live&comp=history', getLiveChannelHistory),
  route('PutLiveChannelStatus', 'PUT object?live&status', putLiveChannelStatus),
  route('PutLiveChannel', 'PUT object?live', putLiveChannel),
  route('GetLiveChannelInfo', 'GET object?live', getLiveChannelInfo, { action: 'oss:GetLiveChannel' }),
  route('DeleteLiveChannel', 'DELETE object?live', deleteLiveChannel),
  route('GetVodPlaylist', 'GET object?vod', getVodPlaylist, { parameters: span }),
  route('PostVodPlaylist', 'POST object?vod', getVodPlaylist, { parameters: span }),
];
