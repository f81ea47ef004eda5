import type { Vault } from '../cloud/vault';
import { Fault } from '../fault';
import { readEnvelope } from './read-envelope';

type LookTools = { vault: Vault };

/** What an envelope says of itself; no key is asked for, so nothing of it is proven. */
export async function describeEnvelope(tools: LookTools, wanted: { key: string; versionId?: string }) {
  const { stored, header } = await readEnvelope(tools, wanted);
  const { facts, wrappedKeys } = header;
  return {
    key: wanted.key,
    versionId: stored.versionId,
    bytes: facts.inbox.size,
    envelopeBytes: stored.size,
    headerBytes: header.length,
    facts,
    wrappedKeys: wrappedKeys.map(({ ciphertextBlob: _, ...names }) => names),
  };
}

/** The versions of a key, the newest first, without delete markers. Throws `envelope-missing` where there is none. */
export async function listEnvelopes({ vault }: LookTools, { key }: { key: string }) {
  const versions = await vault.versions(key);
  if (versions.length === 0)
    throw new Fault('envelope-missing', 'Cannot list the versions: there is none under this key');
  return {
    key,
    versions: versions.map(({ versionId, size, lastModified, isCurrent }) => ({
      versionId,
      envelopeBytes: size,
      lastModified,
      isCurrent,
    })),
  };
}
