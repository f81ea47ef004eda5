import { findKey } from '../keys/key-id';
import { page } from '../keys/paging';
import { versionAnswer } from '../keys/version-answer';
import { action } from '../store/action';

/** The versions of a key, newest first, a page at a time: PageSize 0..101. */
export const listKeyVersions = action({
  required: ['KeyId'],
  optional: ['PageNumber', 'PageSize'],
  async run(kms, { KeyId, ...parameters }) {
    const key = findKey(kms, KeyId);
    const all = [...key.versions].reverse();
    const { items, numbers } = page(parameters, { all, sizes: { min: 0, max: 101 } });
    return { KeyVersions: { KeyVersion: items.map((version) => versionAnswer(key, version)) }, ...numbers };
  },
});
