import type { Operation } from '../store/operation';
import { OssError } from '../wire/errors';
import { xmlDocument } from '../wire/xml';

/** GET /?regions : the one region that there is here, at this server's own endpoint. */
export const describeRegions: Operation = ({ region, host }, { query }) => {
  const wanted = query.get('regions') || `oss-${region}`;
  if (wanted !== `oss-${region}`) {
    throw new OssError('NoSuchRegion', { extra: { Region: wanted } });
  }
  const xml = xmlDocument('RegionInfoList', {
    RegionInfo: {
      Region: wanted,
      InternetEndpoint: host(),
      InternalEndpoint: host(),
      AccelerateEndpoint: host(),
    },
  });
  return { status: 200, xml };
};
