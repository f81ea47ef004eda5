import { type Deleted, deleteKey } from '../objects/delete-key';
import { checkBodyMd5, type Doomed, deleteList } from '../objects/delete-list';
import { type NameEncoding, nameEncoding } from '../objects/name-encoding';
import type { Change } from '../store/event';
import { bucketOf, type Operation, type Oss } from '../store/operation';
import { bodyText, type OssRequest } from '../wire/request';
import { type Content, xmlDocument } from '../wire/xml';

/** POST /bucket?delete : up to 1000 keys or versions; what is not there counts as deleted. */
export const deleteMultipleObjects: Operation = async (oss, request) => {
  const names = nameEncoding(request);
  const body = await bodyText(request);
  checkBodyMd5(request, body);
  const { quiet, doomed } = deleteList(body);
  for (const { key, versionId } of doomed) {
    oss.checkKey('DeleteObject', { key, ...(versionId !== undefined && { versionId }) });
  }
  const change: Change[] = [];
  const results: Content[] = [];
  for (const one of doomed) {
    const deleted = await deleteOne(oss, request, one);
    if (deleted.change) change.push(deleted.change);
    results.push(resultOf(one, deleted, names));
  }
  if (quiet) return { status: 200, change };
  const xml = xmlDocument('DeleteResult', { ...names.element, Deleted: results });
  return { status: 200, xml, change };
};

function deleteOne(oss: Oss, request: OssRequest, { key, versionId }: Doomed): Promise<Deleted> {
  const eventName = 'ObjectRemoved:DeleteObjects';
  return oss.store.exclusively(`${request.bucket}/${key}`, async () =>
    deleteKey(bucketOf(oss, request), { key, versionId, time: oss.now(), eventName }),
  );
}

function resultOf({ key, versionId }: Doomed, { version, marker }: Deleted, names: NameEncoding): Content {
  const removedMarker = version?.deleteMarker ? version : undefined;
  const told = marker ?? removedMarker;
  return {
    Key: names.encode(key),
    VersionId: versionId,
    DeleteMarker: told && true,
    DeleteMarkerVersionId: told?.versionId,
  };
}
