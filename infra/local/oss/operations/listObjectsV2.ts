import { restoreInfo } from '../objects/archive';
import { objectElements, objectsPage, ownerElement } from '../objects/list-objects';
import { nameParameter } from '../objects/listing';
import { bucketOf, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';
import { xmlDocument } from '../wire/xml';

/** GET /bucket?list-type=2 : version 2 of the list, paged by continuation token. */
export const listObjectsV2: Operation = (oss, request) => {
  const { query } = request;
  if (query.get('list-type') !== '2') throw invalidArgument('list-type', query.get('list-type') ?? '');
  const startAfter = nameParameter(query, 'start-after');
  const token = query.get('continuation-token');
  // oss2 sends an empty token with the first page.
  const after = token ? keyOf(token) : startAfter;
  const { page, names, elements } = objectsPage(bucketOf(oss, request), request, after);
  const owner = query.get('fetch-owner') === 'true' ? ownerElement(oss.accountId) : {};
  const xml = xmlDocument('ListBucketResult', {
    ...elements,
    StartAfter: startAfter === '' ? undefined : names.encode(startAfter),
    ContinuationToken: token || undefined,
    NextContinuationToken: page.next && tokenOf(page.next.key),
    KeyCount: page.entries.length + page.commonPrefixes.length,
    Contents: page.entries.map(({ value }) => ({
      ...objectElements(value, names),
      ...restoreInfo(value, oss.now()),
      ...owner,
    })),
  });
  return { status: 200, xml };
};

function tokenOf(key: string): string {
  return Buffer.from(key).toString('base64');
}

function keyOf(token: string): string {
  const key = Buffer.from(token, 'base64').toString('utf8');
  if (tokenOf(key) === token) return key;
  throw invalidArgument('continuation-token', token);
}

function invalidArgument(name: string, value: string): OssError {
  return new OssError('InvalidArgument', {
    message: `The ${name} is invalid.`,
    extra: { ArgumentName: name, ArgumentValue: value },
  });
}
