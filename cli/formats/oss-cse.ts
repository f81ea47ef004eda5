import type { Format } from './format';
import { checkedWrapping, openObject } from './oss-cse/open-object';
import { readWrapping } from './oss-cse/wrapping';

const why = 'the metadata that client-side encryption leaves; nothing proves the content';

/**
 * Client-side encryption of the OSS SDKs: AES-256-CTR, key and initial counter wrapped in the object's user metadata. There
 * is no tag of anything anywhere.
 */
export const ossCse: Format = {
  name: 'oss-cse',
  title: 'client-side encryption of the OSS SDKs (Java, Go, Python, C++)',
  async isAuthenticated(input) {
    checkedWrapping(input);
    return false;
  },
  async recognise({ userMetadata, size }) {
    const wrapping = readWrapping(userMetadata);
    if (!wrapping) return undefined;
    const { wrapAlgorithm, contentAlgorithm, materials } = wrapping;
    const facts = { algorithm: contentAlgorithm, wrappedBy: wrapAlgorithm, ciphertextBytes: size };
    return { sureness: 'certain', why, facts: { ...facts, ...(materials && { materials }) } };
  },
  // CTR: a byte for a byte.
  plaintextSize: async ({ size }) => size,
  open: openObject,
};
