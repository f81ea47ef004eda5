import { OssError } from '../errors';
import type { Operation } from '../operation';
import { xmlDocument } from '../xml';

/** GET /?regions : the one region that there is here, at this server's own endpoint. */
export const describeRegions: Operation = ({ region, host }, { query }) => {
  const wanted = query.get('regions') || `oss-${region}`;
  if (wanted !== `oss-${region}`) {
    throw new OssError('NoSuchRegion', { extra: { Region: wanted } });
  }
  const xml = xmlDocument('RegionInfoList', {
    RegionInfo: {
      ...{ Region: wanted, InternetEndpoint: host(), InternalEndpoint: host() },
      AccelerateEndpoint: host(),
    },
  });
  return { status: 200, xml };
};
