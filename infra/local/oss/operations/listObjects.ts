import { restoreInfo } from '../objects/archive';
import { objectElements, objectsPage, ownerElement } from '../objects/list-objects';
import { nameParameter } from '../objects/listing';
import { bucketOf, type Operation } from '../store/operation';
import { xmlDocument } from '../wire/xml';

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
