import { setTimeout } from 'node:timers/promises';
import { Fault } from '../../../functions/fault';
import {
  type DecryptFunction,
  type DownloadRequest,
  downloadFault,
  type ReadyDownload,
} from '../../cloud/functions-decrypt';
import type { Session } from '../../session/session';

export type Opening = {
  decrypt: DecryptFunction;
  request: DownloadRequest & { versionId: string };
  /** Of plaintext. */
  bytes: number;
};

/** Up to here the function answers before a client has lost its patience; above, it is asked again and again. */
const AT_ONCE_MAX = 16_777_216;

/**
 * Asks for a plaintext, or for a fresh URL of one that was asked for before by the same id (`isKnown`): what is being opened
 * is waited for, what lies there is only signed again. Throws the function's faults, `source-changed`.
 */
export async function openThere(
  session: Session,
  opening: Opening,
  isKnown: boolean,
): Promise<ReadyDownload> {
  const { request, bytes } = opening;
  const ready = (isKnown && (await goOn(session, opening))) || (await begin(session, opening));
  if (ready.versionId === request.versionId && ready.bytes === bytes) return ready;
  throw new Fault(
    'source-changed',
    'Cannot get the download: it is of another version or size than asked for',
  );
}

/** Undefined where nobody knows the id any more, or it failed: then it is begun once more. */
async function goOn(
  session: Session,
  { decrypt, request: { id } }: Opening,
): Promise<ReadyDownload | undefined> {
  const answer = await lookUp(decrypt, id);
  if (answer?.state === 'pending') return awaited(session, decrypt, id);
  return answer?.state === 'ready' ? answer : undefined;
}

async function begin(session: Session, { decrypt, request, bytes }: Opening): Promise<ReadyDownload> {
  const ready = bytes <= AT_ONCE_MAX ? await openedAtOnce(decrypt, request) : undefined;
  if (ready) return ready;
  await decrypt.openLater(request);
  return awaited(session, decrypt, request.id);
}

/** Undefined where no answer came in time, which says nothing about the run. */
function openedAtOnce(
  decrypt: DecryptFunction,
  request: DownloadRequest,
): Promise<ReadyDownload | undefined> {
  return decrypt.open(request).catch((error) => {
    if (error instanceof Fault && error.code === 'fc-unavailable') return undefined;
    throw error;
  });
}

/** How long a run may not have begun, and how long to wait between two looks. */
const UNKNOWN_MS = 300_000;
const LOOK_MS = { first: 100, most: 5000 };

async function awaited(
  session: Pick<Session, 'interrupted'>,
  decrypt: DecryptFunction,
  id: string,
): Promise<ReadyDownload> {
  const since = performance.now();
  for (let wait = LOOK_MS.first; ; wait = Math.min(wait * 1.5, LOOK_MS.most)) {
    const answer = await lookUp(decrypt, id);
    if (answer?.state === 'ready') return answer;
    if (answer?.state === 'failed') throw downloadFault(answer.code);
    if (!answer && performance.now() - since > UNKNOWN_MS) throw notBegun();
    await setTimeout(wait, undefined, { signal: session.interrupted });
  }
}

/** Undefined where nobody knows the id (yet). */
function lookUp(decrypt: DecryptFunction, id: string) {
  return decrypt.lookUp(id).catch((error) => {
    if (error instanceof Fault && error.code === 'download-unknown') return undefined;
    throw error;
  });
}

function notBegun(): Fault {
  return new Fault('fc-unavailable', 'Cannot open the download: Function Compute has not begun with it');
}
