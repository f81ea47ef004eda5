import { keysAt } from '../../functions/cloud/keys';
import {
  checkSize,
  encryptionContext,
  type Facts,
  openChunks,
  openEnvelope,
  parseHeader,
} from '../../functions/envelope/envelope';
import { chunkCount, MESSAGE_PREFIX } from '../../functions/envelope/layout';
import { cannotOpen } from '../../functions/fault';
import type { Bench } from '../deployment';
import { callOnce } from '../services';

export type Opened = { facts: Facts; plaintext: Buffer };

/** Opens one version of an envelope in this process, as the account's owner. Throws `cannot-open`. */
export function envelopeOpener({ cloud, owner, vault }: Pick<Bench, 'cloud' | 'owner' | 'vault'>) {
  const keys = keysAt({
    ...cloud,
    identity: async () => owner,
    endpoint: cloud.kms.endpoint,
    retry: callOnce,
  });

  async function open(key: string, versionId?: string): Promise<Opened> {
    const bytes = await whole(key, versionId);
    const header = parseHeader(bytes);
    checkSize(header, bytes.length);
    const [wrappedKey] = header.wrappedKeys;
    if (!wrappedKey) throw cannotOpen('no wrapped key');
    const { dataKey } = await keys.unwrap(wrappedKey, encryptionContext(header.factsBytes));
    const { message } = openEnvelope(header, bytes.subarray(header.length), dataKey);
    const chunks = { from: 0, to: chunkCount(message) };
    const sealed = [bytes.subarray(header.length + MESSAGE_PREFIX)];
    const plaintext = await collected(openChunks(message, chunks, once(sealed)));
    return { facts: header.facts, plaintext };
  }

  async function whole(key: string, versionId: string | undefined): Promise<Buffer> {
    const { stream } = await vault.getStream(key, versionId ? { subres: { versionId } } : {});
    return collected(stream);
  }

  return open;
}

async function* once(pieces: Buffer[]) {
  yield* pieces;
}

async function collected(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}
