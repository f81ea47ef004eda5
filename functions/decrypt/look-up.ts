import type { DownloadStates } from '../cloud/download-states';
import { Fault, type FaultCode } from '../fault';
import { isReusable, type Ready, type SignTools, signReady } from './ready';
import { type DownloadState, readState } from './states';

export type LookUpTools = SignTools & {
  states: DownloadStates;
  /** Throws where this function does not serve the key. */
  checkKey(key: string): void;
  /** Of this function, in seconds: no run lasts longer. */
  timeout: number;
  note: (fields: Record<string, string | number | undefined>) => void;
};

export type StateAnswer =
  | ({ state: 'ready' } & Ready)
  | { state: 'pending'; id: string; startedAt: string; bytesDone: number; bytes?: number }
  | { state: 'failed'; id: string; startedAt: string; code: FaultCode };

/** What has become of a download. Throws `download-unknown` where nobody knows, or its time is over. */
export async function lookUpDownload(tools: LookUpTools, id: string): Promise<StateAnswer> {
  const state = readState(await tools.states.read(id));
  if (!state) throw unknown();
  tools.checkKey(state.request.key);
  const ready = await readyDownload(tools, id, state);
  if (ready) return { state: 'ready', ...ready };
  const { startedAt } = state;
  const code = state.failed ?? (isOver(tools, startedAt) ? 'time-limit' : undefined);
  if (code) return { state: 'failed', id, startedAt, code };
  return { state: 'pending', id, startedAt, ...(await progressOf(tools, state)) };
}

/** Throws `download-unknown` where the plaintext is about to be deleted. */
async function readyDownload(
  tools: LookUpTools,
  id: string,
  { request, opening }: DownloadState,
): Promise<Ready | undefined> {
  if (!opening) return undefined;
  const { versionId } = opening;
  const found = await tools.downloads.find(opening.object);
  if (found?.bytes !== opening.bytes) return undefined;
  if (!isReusable(tools, found, { request, opening })) throw unknown();
  const ready = await signReady(tools, { id, request, opening, contentType: found.contentType });
  const { bytes, expiresAt } = ready;
  tools.note({
    outcome: 'signed-again',
    key: request.key,
    range: request.range,
    versionId,
    bytes,
    expiresAt,
  });
  return ready;
}

/** A run that is killed cannot say so. */
function isOver({ now, timeout }: LookUpTools, startedAt: string): boolean {
  return now().getTime() > Date.parse(startedAt) + timeout * 1000;
}

async function progressOf({ downloads }: LookUpTools, { opening }: DownloadState) {
  if (!opening) return { bytesDone: 0 };
  const { object, bytes, uploadId } = opening;
  if (uploadId === undefined) return { bytesDone: 0, bytes };
  // An upload that has ended a moment ago had all of its parts.
  return { bytesDone: (await downloads.uploadedBytes({ key: object, uploadId })) ?? bytes, bytes };
}

function unknown(): Fault {
  return new Fault(
    'download-unknown',
    'Cannot find the download: there is none with this id, or it has expired',
  );
}
