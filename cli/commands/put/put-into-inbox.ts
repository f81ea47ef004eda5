import { carrying } from '../../../functions/cloud/carried';
import type { Work } from '../../session/run';
import type { Session } from '../../session/session';
import { awaitSealing } from './sealing';
import type { Task, Told } from './task';
import { upload } from './upload';
import { uploadNote } from './upload-note';

const WAIT_SECONDS = 300;

/** The plaintext into the inbox, and where that is wanted its way into the vault. */
export async function putIntoInbox({ output }: Work, session: Session, task: Task): Promise<Told> {
  const { file, input, place, labels, partBytes, parallel, force = false, wait } = task;
  const headers = carrying(labels);
  const bar = output.progress('upload', input.size);
  const note = file === '-' ? undefined : uploadNote({ file, input, partBytes, target: [place, headers] });
  const way = { input, place, headers, partBytes, parallel, note, force, onBytes: bar.moved };
  const { versionId, bytesBefore } = await upload(session, way);
  bar.done();
  const facts = { way: 'inbox', inboxVersionId: versionId, bytesBefore };
  const again = bytesBefore > 0 ? [`${bytesBefore} bytes of it in an earlier run`] : [];
  if (versionId === undefined) {
    const lines = [...again, 'no version: it waits until versioning is enabled on the inbox'];
    return { facts, lines };
  }
  const lines = [...again, `uploaded, version ${versionId} in the inbox`];
  if (wait === undefined) return { facts, lines };
  const seconds = wait === true ? WAIT_SECONDS : wait;
  const sealing = await awaitSealing(session, { ...place, versionId }, seconds);
  const told =
    sealing.outcome === 'sealed'
      ? `sealed, version ${sealing.vaultVersionId} in the vault`
      : 'superseded: a newer upload of this key was sealed instead';
  return { facts: { ...facts, ...sealing }, lines: [...lines, told] };
}
