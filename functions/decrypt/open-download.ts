import type { Vault } from '../cloud/vault';
import type { Range } from '../envelope/layout';
import { checkMetadata, type Metadata } from '../envelope/metadata';
import { Fault } from '../fault';
import { plainMediaType } from '../media-type';
import { transfer } from '../transfer/transfer';
import type { DownloadRequest } from './download-request';
import { fileNameFor } from './file-name';
import { outgoing } from './outgoing';
import { claimId, noteFailure, noteUpload, type Progress, type ProgressTools } from './progress';
import { planSlices, readRange } from './ranges';
import { readEnvelope, type SealedEnvelope } from './read-envelope';
import { isReusable, type Ready, type SignTools, signReady } from './ready';
import type { Opening } from './states';
import { type UnwrapTools, unwrap } from './unwrap';

export type OpenTools = SignTools &
  UnwrapTools &
  ProgressTools & {
    vault: Vault;
    partBytes: number;
    parallelParts: number;
    /** The most bytes of one request. */
    maxBytes: number | undefined;
    /** Media types that may be shown instead of saved. */
    inlineTypes: string[];
    note: Note;
  };

/** Adds to the line that the log will have of this request. */
type Note = (fields: Record<string, string | number | boolean | undefined>) => void;

/**
 * Opens an envelope, or a range of it, into the downloads bucket; where its plaintext lies there already, only signs
 * again. The URL exists only once the last chunk has verified. What fails is noted under the id.
 */
export async function openDownload(tools: OpenTools, { id, ...request }: DownloadRequest): Promise<Ready> {
  const progress: Progress = { id, state: { request, startedAt: tools.now().toISOString() } };
  if (id !== undefined) progress.state = await claimId(tools, id, progress.state);
  try {
    return await open(tools, progress);
  } catch (error) {
    throw await noteFailure(tools, progress, error);
  }
}

async function open(tools: OpenTools, progress: Progress): Promise<Ready> {
  const { downloads, states, note } = tools;
  const { request, opening: before } = progress.state;
  const envelope = await readEnvelope(tools, { ...(before && { versionId: before.versionId }), ...request });
  note({ versionId: envelope.stored.versionId });
  const range = checkedRange(tools, envelope, request);
  const { message, metadata, object, id: secretId } = await unwrap(tools, envelope, { request, range });
  checkMetadata(metadata);
  const contentType = checkedType(tools, metadata, request);
  const opening = openingOf(envelope, { range, object, metadata });
  const id = progress.id ?? secretId;
  const state = { ...progress.state, opening };
  progress.id = id;
  progress.state = state;
  const found = await downloads.find(object);
  const isThere = isReusable(tools, found, { request, opening });
  await states.write(id, state);
  if (!isThere) {
    const parts = planSlices(range, message, tools.partBytes).map((slice) =>
      outgoing(tools, envelope, message, slice),
    );
    await transfer(parts, targetOf(tools, progress, opening, metadata), tools.parallelParts);
  }
  const ready = await signReady(tools, { id, request, opening, contentType });
  note({ outcome: isThere ? 'signed-again' : 'opened', bytes: ready.bytes, expiresAt: ready.expiresAt });
  return ready;
}

function checkedRange(
  { maxBytes, note }: OpenTools,
  { header }: SealedEnvelope,
  request: DownloadRequest,
): Range {
  const range = readRange(request.range, header.facts.inbox.size);
  const bytes = range.to - range.from;
  note({ bytes });
  if (maxBytes === undefined || bytes <= maxBytes) return range;
  throw new Fault(
    'too-large',
    `Cannot open ${bytes} bytes at once: the limit is ${maxBytes}, ask for a range`,
  );
}

/** The upload's type. Shown, instead of saved, is only what the deployment allows. */
function checkedType(
  { inlineTypes }: OpenTools,
  { headers }: Metadata,
  { disposition }: DownloadRequest,
): string {
  const type = new Map(headers).get('content-type') ?? 'application/octet-stream';
  if (disposition !== 'inline' || inlineTypes.includes(plainMediaType(type) ?? '')) return type;
  throw new Fault('inline-refused', 'Cannot show this type of content: ask for an attachment');
}

function openingOf(
  { stored, header }: SealedEnvelope,
  { range, object, metadata }: { range: Range; object: string; metadata: Metadata },
): Opening {
  const { inbox, sealedAt } = header.facts;
  const bytes = range.to - range.from;
  return {
    object,
    bytes,
    ...(bytes < inbox.size && { contentRange: `bytes ${range.from}-${range.to - 1}/${inbox.size}` }),
    versionId: stored.versionId,
    sealedAt,
    storageClass: new Map(metadata.headers).get('x-oss-storage-class') ?? 'Standard',
  };
}

function targetOf(tools: OpenTools, progress: Progress, opening: Opening, metadata: Metadata) {
  const { request } = progress.state;
  const isSlice = opening.contentRange !== undefined;
  const fileName = fileNameFor(request.key, undefined);
  const writer = tools.downloads.writer(opening.object, { metadata, fileName, isSlice });
  return {
    ...writer,
    async multipart() {
      const upload = await writer.multipart();
      await noteUpload(tools, progress, upload);
      return upload;
    },
  };
}
