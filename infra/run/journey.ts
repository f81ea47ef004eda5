import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { request } from 'node:http';
import { humanBytes } from '../../cli/terminal/human';
import { progress } from '../../cli/terminal/progress';
import { bucketOf } from '../../functions/cloud/oss-fault';
import { type Stored, vaultIn } from '../../functions/cloud/vault';
import { type Header, parseHeader } from '../../functions/envelope/envelope';
import { acs3Headers } from './acs3';
import type { LocalDeployment } from './deployment';
import type { LocalFile } from './files';
import type { StorageMeter } from './storage-meter';

type Download = { url: string; expiresAt: string; bytes: number; contentType: string; name: string };

const PART = 8 * 1024 * 1024;

/** One file all the way: into the inbox, sealed, looked at, opened, fetched, compared. True where it came back identical. */
export async function sendFileThrough(
  local: LocalDeployment,
  meter: StorageMeter,
  file: LocalFile,
): Promise<boolean> {
  console.log(`\n${file.key} (${humanBytes(file.size)})`);
  await upload(local, meter, file);
  const { VaultBucket = '' } = local.stack.outputs;
  const vault = bucketOf(VaultBucket, { client: async () => local.vault, retry: (action) => action() });
  const stored = await vaultIn(vault).find(file.key);
  showEnvelope(stored, parseHeader(stored.start));
  const download = await open(local, meter, file);
  const [sent, received] = [await hash(createReadStream(file.path)), await fetchHash(download)];
  const identical = sent === received;
  console.log(`  ${'compare'.padEnd(10)} ${identical ? 'identical' : 'DIFFERENT'}: SHA-256 ${received}`);
  return identical;
}

/** Returns when the upload's event has been dealt with; that it was sealed shows in the vault. */
async function upload(
  { inbox, cloud, stack }: LocalDeployment,
  meter: StorageMeter,
  file: LocalFile,
): Promise<void> {
  const sending = progress('upload', file.size);
  let sent = 0;
  const report = (share: number) => {
    sending.moved(share * file.size - sent);
    sent = share * file.size;
  };
  await inbox.multipartUpload(file.key, file.path, { parallel: 4, partSize: PART, progress: report });
  sending.done();
  const sealing = progress('seal', file.size);
  await meter.during(stack.outputs.VaultBucket ?? '', sealing.moved, () => cloud.idle());
  sealing.done();
}

function showEnvelope({ size }: Stored, { length, facts, metadata, wrappedKeys }: Header): void {
  const lines = [
    `an envelope of ${humanBytes(size)}: ${length} bytes of header, then ciphertext only`,
    `made of ${facts.inbox.bucket}/${facts.inbox.key}, version ${facts.inbox.versionId}`,
    `sealed at ${facts.sealedAt}, ${facts.algorithm}, metadata in ${metadata.length} sealed bytes`,
    ...wrappedKeys.map(({ keyArn }) => `data key wrapped under ${keyArn}`),
  ];
  for (const [index, line] of lines.entries())
    console.log(`  ${(index === 0 ? 'vault' : '').padEnd(10)} ${line}`);
}

async function open(
  { decryptUrl, owner, stack }: LocalDeployment,
  meter: StorageMeter,
  { key, size }: LocalFile,
): Promise<Download> {
  const opening = progress('open', size);
  const headers = {
    ...acs3Headers('POST', decryptUrl, owner.credentials),
    'content-type': 'application/json',
  };
  const answer = await meter.during(stack.outputs.DownloadsBucket ?? '', opening.moved, () =>
    post(decryptUrl, headers, JSON.stringify({ key })),
  );
  if (answer.status !== 201) throw new Error(`Cannot open ${key}: ${answer.status} ${answer.body}`);
  opening.done();
  return JSON.parse(answer.body);
}

/** Waits as long as it takes: fetch gives up on an answer after five minutes. */
function post(
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', headers }, async (response) => {
      const pieces: Buffer[] = [];
      for await (const piece of response) pieces.push(piece);
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces).toString() });
    });
    call.on('error', reject);
    call.end(body);
  });
}

async function fetchHash({ url, bytes }: Download): Promise<string> {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`Cannot fetch the download: ${response.status}`);
  const fetching = progress('download', bytes);
  const digest = await hash(response.body, fetching.moved);
  fetching.done();
  return digest;
}

async function hash(source: AsyncIterable<Uint8Array>, moved?: (bytes: number) => void): Promise<string> {
  const sha256 = createHash('sha256');
  for await (const piece of source) {
    sha256.update(piece);
    moved?.(piece.length);
  }
  return sha256.digest('hex');
}
