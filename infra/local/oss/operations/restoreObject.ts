import { choosesTier, type RestoreRequest, restoration } from '../archive';
import { saveVersion } from '../bucket';
import { OssError } from '../errors';
import { findVersion, versionHeaders } from '../find-version';
import { changeKey, type Operation } from '../operation';
import { bodyText } from '../request';
import { children, parseXml, text } from '../xml';

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
