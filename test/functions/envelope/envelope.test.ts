import { describe, expect, test } from 'vitest';
import { newEnvelope } from '../../../functions/envelope/envelope';
import { dataKey, factsOf, metadata, wrappedKey } from './specimen';

describe('what no reader would open is not sealed', () => {
  const facts = factsOf(10);
  const inbox = { ...facts.inbox, versionId: 'v'.repeat(129) };
  test.each([
    ['a version id of 129 characters', { ...facts, inbox }, metadata, [wrappedKey]],
    ['an eTag with a space', { ...facts, inbox: { ...facts.inbox, eTag: 'a b' } }, metadata, [wrappedKey]],
    [
      'a metadata header of no known name',
      facts,
      { ...metadata, headers: [['x', 'y']] as [string, string][] },
      [wrappedKey],
    ],
    ['no wrapped key', facts, metadata, []],
    ['a wrapped key that is no base64', facts, metadata, [{ ...wrappedKey, ciphertextBlob: '%' }]],
  ])('%s', (_, wrongFacts, wrongMetadata, wrappedKeys) => {
    expect(() => newEnvelope(wrongFacts, wrongMetadata, dataKey, wrappedKeys)).toThrow(
      expect.objectContaining({ code: 'cannot-seal', remedy: 'final' }),
    );
  });
});
