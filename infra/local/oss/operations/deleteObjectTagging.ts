import { findVersion, versionHeaders } from '../objects/find-version';
import { saveVersion } from '../store/bucket';
import { changeKey, type Operation } from '../store/operation';

/** DELETE /bucket/key?tagging : removes all tags of the object. */
export const deleteObjectTagging: Operation = (oss, request) =>
  changeKey(oss, request, async (bucket) => {
    const version = findVersion(bucket, request);
    await saveVersion(bucket, { ...version, tags: [] });
    version.tags = [];
    return { status: 204, headers: versionHeaders(bucket, version) };
  });
