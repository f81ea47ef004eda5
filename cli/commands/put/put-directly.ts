import { LOCAL_FILE } from '../../envelope/place';
import { sealToVault } from '../../envelope/seal-to-vault';
import { showLocation } from '../../files/location';
import type { Work } from '../../session/run';
import type { Session } from '../../session/session';
import { asFailure } from '../../terminal/failure';
import type { Task, Told } from './task';

/** Sealed here, straight into the vault. What fails leaves nothing: another run has another data key. */
export async function putDirectly(
  { output }: Work,
  session: Session,
  { input, place, labels, key, partBytes, parallel }: Task,
): Promise<Told> {
  const bar = output.progress('seal', input.size);
  const seconds = Math.floor(input.modifiedAt.getTime() / 1000);
  const inbox = {
    bucket: LOCAL_FILE,
    key: input.name,
    eTag: 'none',
    versionId: 'none',
    size: input.size,
    lastModified: new Date(seconds * 1000).toISOString(),
  };
  const keyId = key ?? `alias/${session.deployment.name}`;
  const options = { keyId, partBytes, parallel, onBytes: bar.moved };
  try {
    const source = { inbox, metadata: labels, read: input.read };
    const { versionId, kmsRequestId } = await sealToVault(session, source, place, options);
    bar.done();
    const facts = { way: 'direct', vaultVersionId: versionId, kmsRequestId };
    return { facts, lines: [`sealed, version ${versionId} in the vault`] };
  } catch (error) {
    throw asFailure(error, { left: `${showLocation(place)} has no new version` });
  }
}
