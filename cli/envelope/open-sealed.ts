import { encryptionContext, type Header, openChunks, openEnvelope } from '../../functions/envelope/envelope';
import { chunkCount, envelopeRange, type Range } from '../../functions/envelope/layout';
import type { Metadata } from '../../functions/envelope/metadata';
import type { Session } from '../session/session';
import { refusedWithout } from '../terminal/failure';
import type { Looked, Sealed } from './look-at';
import { trustedKey } from './trusted-keys';

export { type Looked, lookAt, type Sealed, sealedIn } from './look-at';

export type Opened = {
  header: Header;
  metadata: Metadata;
  /** The key that unwrapped it. */
  keyArn: string;
  kmsRequestId: string;
  /** A run of chunks, verified chunk by chunk; all of them by default. */
  chunks(run?: Range): AsyncGenerator<Buffer>;
};

/**
 * Has the data key unwrapped by KMS in the region that the wrapped key names. `named`: the keys that may be asked for;
 * undefined: the deployment's. Throws `key-differs`, `keys-unknown`, `cannot-open` and what KMS refuses with.
 */
export async function openSealed(
  session: Session,
  sealed: Sealed,
  { header, start }: Looked,
  named?: string[],
): Promise<Opened> {
  const doing = `open ${sealed.name ?? 'the envelope'}`;
  const wrappedKey = await trustedKey(session, header.wrappedKeys, { doing, named });
  const { region, keyArn } = wrappedKey;
  const keys = session.keys({ region, accountId: '' });
  const context = encryptionContext(header.factsBytes);
  const { dataKey, kmsRequestId } = await keys
    .unwrap(wrappedKey, context)
    .catch(refusedWithout('kms:Decrypt', keyArn));
  try {
    const { message, metadata } = openEnvelope(header, start, dataKey);
    const all = { from: 0, to: chunkCount(message) };
    const chunks = (run: Range = all) =>
      openChunks(message, run, sealed.read(envelopeRange(header.length, run, message)));
    return { header, metadata, keyArn, kmsRequestId, chunks };
  } finally {
    dataKey.fill(0);
  }
}
