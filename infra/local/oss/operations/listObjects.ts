import { restoreInfo } from '../archive';
import { objectElements, objectsPage, ownerElement } from '../list-objects';
import { nameParameter } from '../listing';
import { bucketOf, type Operation } from '../operation';
import { xmlDocument } from '../xml';

/** GET /bucket : version 1 of the list, paged by marker. */
export const listObjects: Operation = (oss, request) => {
  const marker = nameParameter(request.query, 'marker');
  const { page, names, elements } = objectsPage(bucketOf(oss, request), request, marker);
  const xml = xmlDocument('ListBucketResult', {
    ...elements,
    Marker: names.encode(marker),
    NextMarker: page.next && names.encode(page.next.key),
    Contents: page.entries.map(({ value }) => ({
      ...objectElements(value, names),
      ...restoreInfo(value, oss.now()),
      ...ownerElement(oss.accountId),
    })),
  });
  return { status: 200, xml };
};
