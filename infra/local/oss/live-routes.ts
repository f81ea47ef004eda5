import { deleteLiveChannel } from './operations/deleteLiveChannel';
import { getLiveChannelHistory } from './operations/getLiveChannelHistory';
import { getLiveChannelInfo } from './operations/getLiveChannelInfo';
import { getLiveChannelStat } from './operations/getLiveChannelStat';
import { getVodPlaylist } from './operations/getVodPlaylist';
import { listLiveChannel } from './operations/listLiveChannel';
import { putLiveChannel } from './operations/putLiveChannel';
import { putLiveChannelStatus } from './operations/putLiveChannelStatus';
import type { Route } from './store/route';

const span = ['startTime', 'endTime'];

/** The API calls about live channels; of two that fit equally the first is meant. */
export const liveRoutes: Route[] = [
  {
    ...{ operation: 'ListLiveChannel', method: 'GET', on: 'bucket', sub: 'live', answer: listLiveChannel },
    parameters: ['prefix', 'marker', 'max-keys'],
  },
  {
    ...{ operation: 'GetLiveChannelStat', method: 'GET', on: 'object', sub: 'live' },
    ...{ answer: getLiveChannelStat, and: ['comp', 'stat'] },
  },
  {
    ...{ operation: 'GetLiveChannelHistory', method: 'GET', on: 'object', sub: 'live' },
    ...{ answer: getLiveChannelHistory, and: ['comp', 'history'] },
  },
  {
    ...{ operation: 'PutLiveChannelStatus', method: 'PUT', on: 'object', sub: 'live' },
    ...{ answer: putLiveChannelStatus, and: ['status'] },
  },
  { operation: 'PutLiveChannel', method: 'PUT', on: 'object', sub: 'live', answer: putLiveChannel },
  { operation: 'GetLiveChannelInfo', method: 'GET', on: 'object', sub: 'live', answer: getLiveChannelInfo },
  { operation: 'DeleteLiveChannel', method: 'DELETE', on: 'object', sub: 'live', answer: deleteLiveChannel },
  {
    ...{ operation: 'GetVodPlaylist', method: 'GET', on: 'object', sub: 'vod' },
    ...{ answer: getVodPlaylist, parameters: span },
  },
  {
    ...{ operation: 'PostVodPlaylist', method: 'POST', on: 'object', sub: 'vod' },
    ...{ answer: getVodPlaylist, parameters: span },
  },
];
