import { kmsClient, ossClient } from '../cloud/clients';
import { openDownloads } from '../cloud/downloads';
import { openKeys } from '../cloud/keys';
import { openVault } from '../cloud/vault';
import { decryptConfig } from '../config';
import type { Context } from '../context';
import { asFault } from '../fault';
import { log, logFault } from '../log';
import { checkDownload, type Download, readDownload } from './downloads';
import { type HttpResponse, jsonResponse, problemResponse, readHttp, readPayload } from './http';
import { type OpenTools, openDownload, type Ready } from './open-download';

/** FC initializer: an instance that is configured wrongly never takes a request. */
export async function initialize(): Promise<void> {
  decryptConfig(process.env);
}

/** FC handler: of the HTTP trigger (answers every failure as a problem), and of InvokeFunction (throws it). */
export async function handler(event: Buffer, context: Context): Promise<HttpResponse | Ready> {
  const request = readHttp(event);
  if (!request) return openLogged(context, () => checkDownload(readPayload(event)));
  try {
    return jsonResponse(201, await openLogged(context, () => readDownload(request)));
  } catch (error) {
    return problemResponse(asFault(error), context.requestId);
  }
}

async function openLogged(context: Context, read: () => Download): Promise<Ready> {
  const started = performance.now();
  let key: string | undefined;
  const fields = () => ({ key, requestId: context.requestId, ms: Math.round(performance.now() - started) });
  try {
    const download = read();
    key = download.key;
    const { kmsRequestId, ...ready } = await openDownload(openTools(context), download);
    log('opened', { ...fields(), bytes: ready.bytes, expiresAt: ready.expiresAt, kmsRequestId });
    return ready;
  } catch (error) {
    logFault(error, fields());
    throw asFault(error);
  }
}

function openTools(context: Context): OpenTools {
  const config = decryptConfig(process.env);
  const vault = { endpoint: config.ossEndpoint, bucket: config.vaultBucket };
  const downloads = { endpoint: config.ossEndpoint, bucket: config.downloadsBucket };
  const world = {
    endpoint: config.downloadsUrl,
    bucket: config.downloadsBucket,
    addressing: 'own-domain' as const,
  };
  return {
    vault: openVault(ossClient(context, vault), ossClient(context, vault), config.vaultBucket),
    downloads: openDownloads(
      ossClient(context, downloads),
      ossClient(context, downloads),
      ossClient(context, world),
      config.downloadsBucket,
    ),
    keys: openKeys(kmsClient(context, config.kmsEndpoint), context),
    keyArns: config.kmsKeyArns,
    partBytes: config.partBytes,
    parallelParts: config.parallelParts,
    expiresSeconds: config.expiresSeconds,
    now: () => new Date(),
  };
}
