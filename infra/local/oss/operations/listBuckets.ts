import { tagsOf } from '../buckets/check-setting';
import { defaultResourceGroup } from '../buckets/resource-group';
import { pageOf, pageSize } from '../objects/listing';
import type { Bucket } from '../store/bucket';
import { xmlTime } from '../store/event';
import type { Operation, Oss } from '../store/operation';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { parseXml, xmlDocument } from '../wire/xml';

/** GET / : the account's buckets by name, all or those with a tag. */
export const listBuckets: Operation = (oss, request) => {
  const { query } = request;
  const prefix = query.get('prefix') ?? '';
  checkPrefix(prefix);
  const marker = query.get('marker') ?? '';
  const maxKeys = pageSize(query.get('max-keys'), 'max-keys', { ec: '0017-00000289' });
  const page = pageOf(bucketLists(oss, request), { prefix, delimiter: '', maxKeys, after: marker });
  const paging = { Prefix: prefix, Marker: marker, MaxKeys: maxKeys, IsTruncated: page.isTruncated };
  const xml = xmlDocument('ListAllMyBucketsResult', {
    ...paging,
    NextMarker: page.next?.key,
    Owner: { ID: oss.accountId, DisplayName: oss.accountId },
    Buckets: { Bucket: page.entries.map(({ value }) => ({ ...bucketFacts(oss, value), ...groupOf(oss) })) },
  });
  return { status: 200, xml };
};

function groupOf({ accountId }: Oss) {
  return { ResourceGroupId: defaultResourceGroup(accountId) };
}

/** How a bucket is told of in lists and infos; the endpoints are this server's own, so that clients come back. */
export function bucketFacts(oss: Oss, bucket: Bucket) {
  return {
    CreationDate: xmlTime(bucket.created),
    ExtranetEndpoint: oss.host(),
    IntranetEndpoint: oss.host(),
    Location: `oss-${oss.region}`,
    Name: bucket.name,
    Region: oss.region,
    StorageClass: bucket.storageClass,
  };
}

function bucketLists({ store, accountId }: Oss, request: OssRequest): Map<string, Bucket[]> {
  const group = request.headers['x-oss-resource-group-id'] ?? defaultResourceGroup(accountId);
  if (group !== defaultResourceGroup(accountId)) return new Map();
  const wanted = wantedTag(request);
  const found = [...store.buckets].filter(([, bucket]) => hasTag(bucket, wanted));
  return new Map(found.map(([name, bucket]) => [name, [bucket]]));
}

type Wanted = { key: string | undefined; value: string | undefined };

// Either tag-key and tag-value, or tagging="key":"value".
function wantedTag({ query }: OssRequest): Wanted {
  const [, key, value] = /^"(.*?)":"(.*)"$/.exec(query.get('tagging') ?? '') ?? [];
  return { key: query.get('tag-key') ?? key, value: query.get('tag-value') ?? value };
}

function hasTag({ settings }: Bucket, { key, value }: Wanted): boolean {
  if (key === undefined) return true;
  const document = settings.get('tagging');
  const tags = document === undefined ? [] : tagsOf(parseXml(document, 'Tagging'));
  return tags.some((tag) => tag.key === key && (value === undefined || tag.value === value));
}

// What no bucket's name can begin with.
function checkPrefix(prefix: string): void {
  if (/^[a-z0-9-]{0,63}$/.test(prefix)) return;
  throw new OssError('InvalidArgument', {
    message: 'The prefix is no beginning of a bucket name.',
    extra: { ArgumentName: 'prefix', ArgumentValue: prefix },
  });
}
