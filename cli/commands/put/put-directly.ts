import { defaultKey } from '../../envelope/data-key';
import { originOfFile } from '../../envelope/place';
import { sealToVault } from '../../envelope/seal-to-vault';
import { showLocation } from '../../files/location';
import type { Work } from '../../session/run';
import type { Session } from '../../session/session';
import { asFailure } from '../../terminal/failure';
import type { Task, Told } from './task';

const UNSETTLED =
  'whether a newer upload lies below it is not known: that takes oss:ListObjectVersions, oss:GetObject and oss:GetObjectVersion';

/** Sealed here, straight into the vault. What fails leaves nothing: another run has another data key. */
export async function putDirectly(
  { output }: Work,
  session: Session,
  { input, place, labels, key, partBytes, parallel }: Task,
): Promise<Told> {
  const bar = output.progress('seal', input.size);
  const keyId = key ?? defaultKey(session);
  const options = { keyId, partBytes, parallel, onBytes: bar.moved };
  try {
    const source = { inbox: originOfFile(input), metadata: labels, read: input.read };
    const { versionId, kmsRequestId, isSettled } = await sealToVault(session, source, place, options);
    bar.done();
    const facts = { way: 'direct', vaultVersionId: versionId, kmsRequestId, isSettled };
    const lines = [`sealed, version ${versionId} in the vault`];
    return { facts, lines: isSettled ? lines : [...lines, UNSETTLED] };
  } catch (error) {
    throw asFailure(error, { left: `${showLocation(place)} has no new version` });
  }
}
