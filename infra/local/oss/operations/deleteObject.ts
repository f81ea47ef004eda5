import { deleteKey } from '../objects/delete-key';
import { requestedVersion } from '../objects/find-version';
import { changeKey, type Operation } from '../store/operation';

/** DELETE /bucket/key : hides the object behind a delete marker, or removes exactly the version named. */
export const deleteObject: Operation = (oss, request) =>
  changeKey(oss, request, async (bucket) => {
    const versionId = requestedVersion(request);
    const deletion = { key: request.key, versionId, time: oss.now() };
    const deleted = await deleteKey(bucket, { ...deletion, eventName: 'ObjectRemoved:DeleteObject' });
    const { marker = deleted.version, change } = deleted;
    const answer = { status: 204, ...(change && { change }) };
    if (bucket.versioning === undefined) return answer;
    const isMarker = marker?.deleteMarker ? { 'x-oss-delete-marker': 'true' } : {};
    const id = versionId ?? marker?.versionId ?? 'null';
    return { ...answer, headers: { 'x-oss-version-id': id, ...isMarker } };
  });
