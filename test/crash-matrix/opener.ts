import { keysAt } from '../../functions/cloud/keys';
import { vaultIn } from '../../functions/cloud/vault';
import { encryptionContext, openChunks, openEnvelope, parseHeader } from '../../functions/envelope/envelope';
import { chunkCount, envelopeRange } from '../../functions/envelope/layout';
import { type LocalDeployment, VAULT } from '../../infra/run/deployment';
import { bucketBy, callOnce } from '../services';

export type Opener = {
  /** The plaintext of a version in the vault; undefined where it is no envelope that verifies. */
  open(key: string, versionId: string): Promise<Buffer | undefined>;
  /** The data keys seen so far, base64 and hex. */
  dataKeys: string[];
};

/** Opens envelopes as the account's owner. A version never changes: each is opened once. */
export function createOpener({ cloud, owner, vault: client }: LocalDeployment): Opener {
  const vault = vaultIn(bucketBy(VAULT, client));
  const keys = keysAt({
    ...cloud,
    identity: async () => owner,
    endpoint: cloud.kms.endpoint,
    retry: callOnce,
  });
  const opened = new Map<string, Promise<Buffer | undefined>>();
  const dataKeys: string[] = [];

  async function openAnew(key: string, versionId: string): Promise<Buffer> {
    const stored = await vault.find(key, versionId);
    const header = parseHeader(stored.start);
    const [wrappedKey] = header.wrappedKeys;
    if (!wrappedKey) throw new Error('no wrapped key');
    const { dataKey } = await keys.unwrap(wrappedKey, encryptionContext(header.factsBytes));
    dataKeys.push(dataKey.toString('base64'), dataKey.toString('hex'));
    const { message } = openEnvelope(header, stored.start.subarray(header.length), dataKey);
    const chunks = { from: 0, to: chunkCount(message) };
    const sealed = vault.read(stored, envelopeRange(header.length, chunks, message));
    const pieces: Buffer[] = [];
    for await (const piece of openChunks(message, chunks, sealed)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  function open(key: string, versionId: string): Promise<Buffer | undefined> {
    const known = opened.get(versionId) ?? openAnew(key, versionId).catch(() => undefined);
    opened.set(versionId, known);
    return known;
  }

  return { open, dataKeys };
}
