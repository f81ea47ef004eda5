import { parseTaggingXml } from '../buckets/tagging';
import { findVersion, versionHeaders } from '../objects/find-version';
import { saveVersion } from '../store/bucket';
import { changeKey, type Operation } from '../store/operation';
import { bodyText } from '../wire/request';

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
