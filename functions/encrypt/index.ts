import { kmsClient, ossClient } from '../cloud/clients';
import { openInbox } from '../cloud/inbox';
import { openKeys } from '../cloud/keys';
import { openVault } from '../cloud/vault';
import { encryptConfig } from '../config';
import type { Context } from '../context';
import { asFault, Fault } from '../fault';
import { log, logFault } from '../log';
import { type SealTools, sealUpload } from './seal-upload';
import { readUploads, type Upload } from './uploads';

/** FC initializer: an instance that is configured wrongly never takes an event. */
export async function initialize(): Promise<void> {
  encryptConfig(process.env);
}

/** FC event handler of the OSS trigger. Every upload of the event is tried; then the first failure is thrown, for FC to deliver again. */
export async function handler(event: Buffer, context: Context): Promise<{ sealed: number; settled: number }> {
  const uploads = readUploadsLogged(event, context);
  const tools = sealTools(context);
  const failures: Fault[] = [];
  let sealed = 0;
  for (const upload of uploads) {
    const outcome = await sealLogged(tools, upload, context.requestId);
    if (outcome instanceof Fault) failures.push(outcome);
    else if (outcome === 'sealed') sealed++;
  }
  if (failures[0]) throw failures[0];
  return { sealed, settled: uploads.length - sealed };
}

function sealTools(context: Context): SealTools {
  const config = encryptConfig(process.env);
  const vault = { endpoint: config.ossEndpoint, bucket: config.vaultBucket };
  return {
    inbox: openInbox(
      ossClient(context, { endpoint: config.ossEndpoint, bucket: config.inboxBucket }),
      config.inboxBucket,
    ),
    vault: openVault(ossClient(context, vault), ossClient(context, vault), config.vaultBucket),
    keys: openKeys(kmsClient(context, config.kmsEndpoint), context),
    keyId: config.kmsKeyId,
    partBytes: config.partBytes,
    parallelParts: config.parallelParts,
    now: () => new Date(),
  };
}

function readUploadsLogged(event: Buffer, { requestId }: Context): Upload[] {
  try {
    return readUploads(event);
  } catch (error) {
    logFault(error, { requestId });
    throw error;
  }
}

async function sealLogged(tools: SealTools, upload: Upload, requestId: string): Promise<string | Fault> {
  const started = performance.now();
  const fields = () => ({
    key: upload.key,
    eTag: upload.eTag,
    requestId,
    ms: Math.round(performance.now() - started),
  });
  try {
    const { outcome, ...rest } = await sealUpload(tools, upload);
    log(outcome, { ...fields(), ...rest });
    return outcome;
  } catch (error) {
    logFault(error, fields());
    return asFault(error);
  }
}
