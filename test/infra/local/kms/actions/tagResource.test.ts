import {
  CreateKeyRequest,
  ListResourceTagsRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningKms, refusal, runKms } from '../running-kms';

let kms: RunningKms;
let keyId: string;
beforeAll(async () => {
  kms = await runKms();
  keyId = (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata.keyId;
});
afterAll(() => kms.close());

const tag = (tags: unknown) =>
  kms.client.tagResource(new TagResourceRequest({ keyId, tags: JSON.stringify(tags) }));
const untag = (tagKeys: unknown) =>
  kms.client.untagResource(new UntagResourceRequest({ keyId, tagKeys: JSON.stringify(tagKeys) }));
const list = async () =>
  (await kms.client.listResourceTags(new ListResourceTagsRequest({ keyId }))).tags.tag.map(
    ({ tagKey, tagValue }) => [tagKey, tagValue],
  );

test('tags are added, changed and removed [documented]', async () => {
  await tag([
    { TagKey: 'a', TagValue: '1' },
    { TagKey: 'b', TagValue: '' },
  ]);
  await tag([{ TagKey: 'a', TagValue: '2' }]);
  expect(await list()).toEqual([
    ['a', '2'],
    ['b', ''],
  ]);
  await untag(['b', 'never there']);
  expect(await list()).toEqual([['a', '2']]);
});

test('eleven tags are too many, and none of them is kept [documented]', async () => {
  const before = await list();
  const eleven = Array.from({ length: 11 }, (_, n) => ({ TagKey: `k${n}`, TagValue: '' }));
  expect((await refusal(tag(eleven))).code).toBe('Rejected.LimitExceeded');
  expect(await list()).toEqual(before);
});

test.each([
  'x',
  {},
  [],
  [{}],
  [{ TagKey: '' }],
  [{ TagKey: 1 }],
  [{ TagKey: 'acs:a' }],
  [{ TagKey: 'aliyun' }],
  [{ TagKey: 'a', TagValue: {} }],
  [{ TagKey: 'a', Value: 'b' }],
  [{ TagKey: 'x'.repeat(129) }],
])('Tags=%.40j are not valid [documented]', async (tags) => {
  expect((await refusal(tag(tags))).code).toBe('InvalidParameter');
});

test.each(['x', [], [1], ['']])('TagKeys=%j are not valid [documented]', async (keys) => {
  expect((await refusal(untag(keys))).code).toBe('InvalidParameter');
});
