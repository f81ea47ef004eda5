import { nameParameter, pageSize } from '../listing';
import type { Operation } from '../operation';
import { xmlDocument } from '../xml';

/** GET /bucket?live : always empty, because none can be made here. */
export const listLiveChannel: Operation = (_oss, { query }) => {
  const xml = xmlDocument('ListLiveChannelResult', {
    Prefix: nameParameter(query, 'prefix'),
    Marker: nameParameter(query, 'marker'),
    MaxKeys: pageSize(query.get('max-keys'), 'max-keys', { ec: '0044-00000101' }),
    IsTruncated: false,
    NextMarker: '',
  });
  return { status: 200, xml };
};
