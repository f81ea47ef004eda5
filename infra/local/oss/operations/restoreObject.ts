import { choosesTier, type RestoreRequest, restoration } from '../objects/archive';
import { findVersion, versionHeaders } from '../objects/find-version';
import { saveVersion } from '../store/bucket';
import { changeKey, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';
import { bodyText } from '../wire/request';
import { children, parseXml, text } from '../wire/xml';

/** POST /bucket/key?restore : makes an archived object readable for some days, after some time. */
export const restoreObject: Operation = async (oss, request) => {
  const wanted = readWanted(await bodyText(request));
  return changeKey(oss, request, async (bucket) => {
    const version = findVersion(bucket, request);
    if (wanted.tier !== undefined && version.headers['x-oss-storage-class'] === 'Archive') {
      throw new OssError('MalformedXML');
    }
    const { status, restored } = restoration(version, wanted, oss.now());
    await saveVersion(bucket, { ...version, restored });
    version.restored = restored;
    const priority = choosesTier(version)
      ? { 'x-oss-object-restore-priority': wanted.tier ?? 'Standard' }
      : {};
    return { status, headers: { ...versionHeaders(bucket, version), ...priority } };
  });
};

function readWanted(body: string): RestoreRequest {
  if (body === '') return { days: 1, tier: undefined };
  const document = parseXml(body, 'RestoreRequest');
  const days = Number(text(document, 'Days') ?? '1');
  if (!/^-?\d{1,9}$/.test(text(document, 'Days') ?? '1')) throw new OssError('MalformedXML');
  const [job] = children(document, 'JobParameters');
  return { days, tier: job === undefined ? undefined : (text(job, 'Tier') ?? 'Standard') };
}
