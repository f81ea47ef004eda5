import type { DownloadStates } from '../cloud/download-states';
import { asFault, Fault, withMore } from '../fault';
import { type DownloadState, isSame, readState } from './states';

export type ProgressTools = {
  states: DownloadStates;
  /** For what is left to do when the time is over. */
  lastStates: DownloadStates;
};

/** `id`: the caller's, or undefined until the data key has been unwrapped. */
export type Progress = { id: string | undefined; state: DownloadState };

/**
 * Takes an id for a request. Throws `id-taken` where another has it; the same may have it again, and then is about the same
 * version, unless that has failed. Returns the state to go on from.
 */
export async function claimId(
  { states }: ProgressTools,
  id: string,
  state: DownloadState,
): Promise<DownloadState> {
  const there = await states.claim(id, state);
  if (there === undefined) return state;
  const before = readState(there);
  if (!before || !isSame(before.request, state.request))
    throw new Fault('id-taken', 'Cannot use this id: it belongs to another request');
  const { opening, failed } = before;
  const again = { ...state, ...(opening && !failed && { opening }) };
  await states.write(id, again);
  return again;
}

/** Notes under the id how the run ends. Returns the fault that it ends with. */
export async function noteFailure(
  tools: ProgressTools,
  { id, state }: Progress,
  error: unknown,
): Promise<Fault> {
  const fault = asFault(error);
  if (id === undefined) return fault;
  try {
    await tools.lastStates.write(id, { ...state, failed: fault.code });
    return fault;
  } catch (cause) {
    return withMore(fault, `nor can it be noted: ${asFault(cause).message}`);
  }
}

type Multipart = { uploadId: string; abort(): Promise<void> };

/** Notes the upload's id, so that its parts can be counted. Where that fails there is no upload. */
export async function noteUpload(
  { states }: ProgressTools,
  { id, state }: Progress,
  upload: Multipart,
): Promise<void> {
  if (id === undefined || !state.opening) return;
  const opening = { ...state.opening, uploadId: upload.uploadId };
  try {
    await states.write(id, { ...state, opening });
  } catch (error) {
    await upload.abort();
    throw error;
  }
}
