import { saveVersion } from '../bucket';
import { findVersion, versionHeaders } from '../find-version';
import { changeKey, type Operation } from '../operation';
import { bodyText } from '../request';
import { parseTaggingXml } from '../tagging';

/** PUT /bucket/key?tagging : replaces all tags of the object. */
export const putObjectTagging: Operation = async (oss, request) => {
  const tags = parseTaggingXml(await bodyText(request));
  return changeKey(oss, request, async (bucket) => {
    const version = findVersion(bucket, request);
    await saveVersion(bucket, { ...version, tags });
    version.tags = tags;
    return { status: 200, headers: versionHeaders(bucket, version) };
  });
};
