import type { Tag } from '../store/key';
import { invalidParameter, KmsError } from '../wire/errors';
import { json } from '../wire/typed-parameters';

/** docs: "TagResource". */
const MAX_TAGS = 10;
const TEXT = /^[\p{L}\p{N}\p{Zs}/_.:=+\-@]*$/u;

/** The parameter `Tags`: a JSON array of {TagKey, TagValue}. Throws InvalidParameter. */
export function parseTags(text: string): Tag[] {
  const tags = json('Tags', text);
  if (!Array.isArray(tags) || tags.length === 0 || !tags.every(isTag)) throw invalidParameter('Tags');
  return tags.map(({ TagKey, TagValue }) => ({ key: TagKey, value: TagValue ?? '' }));
}

/** The parameter `TagKeys`: a JSON array of keys. Throws InvalidParameter. */
export function parseTagKeys(text: string): string[] {
  const keys = json('TagKeys', text);
  if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isTagKey)) throw invalidParameter('TagKeys');
  return keys;
}

/** Tags with more tags; one of the same key gets the new value. Throws Rejected.LimitExceeded above 10. */
export function withTags(tags: readonly Tag[], added: readonly Tag[]): Tag[] {
  const merged = new Map([...tags, ...added].map((tag) => [tag.key, tag]));
  if (merged.size > MAX_TAGS) throw new KmsError('Rejected.LimitExceeded');
  return [...merged.values()];
}

type WireTag = { TagKey: string; TagValue?: string };

function isTag(value: unknown): value is WireTag {
  if (typeof value !== 'object' || value === null) return false;
  const { TagKey, TagValue = '', ...others } = value as Record<string, unknown>;
  return Object.keys(others).length === 0 && isTagKey(TagKey) && isTagText(TagValue);
}

function isTagKey(value: unknown): value is string {
  return isTagText(value) && value !== '' && !/^(aliyun|acs:)/.test(value);
}

function isTagText(value: unknown): value is string {
  return typeof value === 'string' && Buffer.byteLength(value) <= 128 && TEXT.test(value);
}
