import type { Stored, Vault } from '../cloud/vault';
import { checkSize, type Header, parseHeader } from '../envelope/envelope';
import { cannotOpen } from '../fault';

export type SealedEnvelope = { stored: Stored; header: Header };

/**
 * The start of an envelope, with all the checks that need no key. Throws `envelope-missing`, `key-unsupported`, and
 * `cannot-open` for what is no envelope of this place and length.
 */
export async function readEnvelope(
  { vault }: { vault: Vault },
  { key, versionId }: { key: string; versionId?: string },
): Promise<SealedEnvelope> {
  const stored = await vault.find(key, versionId);
  const header = parseHeader(stored.start);
  checkPlace(header, vault.bucket, key);
  checkSize(header, stored.size);
  return { stored, header };
}

/** An envelope moved to another name, or put there by somebody, is not opened. */
function checkPlace({ facts }: Header, bucket: string, key: string): void {
  if (facts.vault.bucket !== bucket || facts.vault.key !== key) throw cannotOpen('facts name another place');
}
