import type { Bucket } from '../bucket';
import { xmlTime } from '../event';
import { pageOf, pageSize } from '../listing';
import type { Operation, Oss } from '../operation';
import { xmlDocument } from '../xml';

/** GET / : the account's buckets by name. */
export const listBuckets: Operation = (oss, { query }) => {
  const prefix = query.get('prefix') ?? '';
  const maxKeys = pageSize(query.get('max-keys'), 'max-keys');
  const page = pageOf(bucketLists(oss), {
    ...{ prefix, delimiter: '', maxKeys },
    after: query.get('marker') ?? '',
  });
  const xml = xmlDocument('ListAllMyBucketsResult', {
    Prefix: prefix,
    Marker: query.get('marker') ?? '',
    MaxKeys: maxKeys,
    IsTruncated: page.isTruncated,
    NextMarker: page.next?.key,
    Owner: { ID: oss.accountId, DisplayName: oss.accountId },
    Buckets: { Bucket: page.entries.map(({ value }) => bucketFacts(oss, value)) },
  });
  return { status: 200, xml };
};

/** How a bucket is told of in lists and infos; the endpoints are this server's own, so that clients come back. */
export function bucketFacts(oss: Oss, bucket: Bucket) {
  return {
    CreationDate: xmlTime(bucket.created),
    ExtranetEndpoint: oss.host(),
    IntranetEndpoint: oss.host(),
    Location: `oss-${oss.region}`,
    Name: bucket.name,
    Region: oss.region,
    StorageClass: 'Standard',
  };
}

function bucketLists({ store }: Oss): Map<string, Bucket[]> {
  return new Map([...store.buckets].map(([name, bucket]) => [name, [bucket]]));
}
