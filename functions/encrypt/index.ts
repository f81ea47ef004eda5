import '../memory';
import '../silence/process';
import { utf8 } from '../characters';
import { type DeadLetters, openDeadLetters } from '../cloud/dead-letters';
import { openInbox } from '../cloud/inbox';
import { openKeys } from '../cloud/keys';
import { kmsClient } from '../cloud/kms-client';
import { hangUp, ossClient } from '../cloud/oss-client';
import { openVault } from '../cloud/vault';
import { encryptConfig } from '../config';
import { type Context, timeLimit } from '../context';
import { asFault, Fault } from '../fault';
import { log, logFault, loggedKey, onlyFaults } from '../log';
import { openRetry } from '../transfer/retry';
import { type SealTools, sealUpload } from './seal-upload';
import { readUploads, type Upload } from './uploads';

/** FC initializer: an instance that is configured wrongly never takes an event. */
export async function initialize(): Promise<void> {
  encryptConfig(process.env);
}

export type Counts = { sealed: number; settled: number; deadLettered: number };

/**
 * FC event handler of the OSS trigger. Every upload of the event is tried. What may succeed later is thrown, for FC to
 * deliver again; when there is no such failure, what will never succeed is sent to the dead-letter queue.
 */
export function handler(event: Buffer, context: Context): Promise<Counts> {
  return onlyFaults(context.requestId, () => sealAll(openRun(context), event));
}

async function sealAll(run: Run, event: Buffer): Promise<Counts> {
  const uploads = await uploadsOf(run, event);
  if (!uploads) return { sealed: 0, settled: 0, deadLettered: 1 };
  const counts = { sealed: 0, settled: 0, deadLettered: 0 };
  const failures: { upload: Upload; fault: Fault }[] = [];
  for (const upload of uploads) {
    const outcome = await sealLogged(run, upload);
    if (outcome instanceof Fault) failures.push({ upload, fault: outcome });
    else counts[outcome === 'sealed' ? 'sealed' : 'settled']++;
  }
  const later = failures.find(({ fault }) => fault.remedy !== 'final');
  if (later) throw later.fault;
  for (const { upload, fault } of failures) {
    await bury(run, { event: upload.event, fault, key: upload.key });
    counts.deadLettered++;
  }
  return counts;
}

type Run = {
  tools: SealTools;
  deadLetters: DeadLetters;
  /** The fields of a line about `key`. */
  fields(key?: string): Record<string, string | number>;
};

function openRun(context: Context): Run {
  const config = encryptConfig(process.env);
  const started = performance.now();
  let retries = 0;
  const now = () => new Date();
  const limit = timeLimit(context);
  limit.addEventListener('abort', hangUp, { once: true });
  const retry = openRetry(limit, () => retries++);
  const { ossEndpoint: endpoint, inboxBucket, vaultBucket } = config;
  const clientOf = (bucket: string) => ossClient(context, { endpoint, bucket });
  return {
    tools: {
      inbox: openInbox(clientOf(inboxBucket), inboxBucket),
      vault: openVault(clientOf(vaultBucket), clientOf(vaultBucket), vaultBucket),
      keys: openKeys(kmsClient(context, config.kmsEndpoint), context),
      retry,
      keyId: config.kmsKeyId,
      keyArns: config.kmsKeyArns,
      partBytes: config.partBytes,
      parallelParts: config.parallelParts,
      appendableQuietSeconds: config.appendableQuietSeconds,
      graceSeconds: config.graceSeconds,
      now,
    },
    deadLetters: openDeadLetters(context, {
      endpoint: config.mnsEndpoint,
      queue: config.deadLetterQueue,
      now,
    }),
    fields: (key) => ({
      ...(key !== undefined && { key: loggedKey(key, config.logKeys) }),
      requestId: context.requestId,
      ms: Math.round(performance.now() - started),
      retries,
    }),
  };
}

/** Undefined where the event is not one: it has gone to the dead-letter queue. */
async function uploadsOf(run: Run, event: Buffer): Promise<Upload[] | undefined> {
  try {
    return readUploads(event);
  } catch (error) {
    logFault(error, run.fields());
    await bury(run, { event: utf8(event) ?? '', fault: asFault(error) });
    return undefined;
  }
}

async function sealLogged({ tools, fields }: Run, upload: Upload): Promise<string | Fault> {
  const about = () => ({ ...fields(upload.key), eTag: upload.eTag });
  try {
    const { outcome, ...rest } = await sealUpload(tools, upload);
    log(outcome, { ...about(), ...rest });
    return outcome;
  } catch (error) {
    logFault(error, about());
    return asFault(error);
  }
}

async function bury(
  { deadLetters, tools, fields }: Run,
  letter: { event: string; fault: Fault; key?: string },
) {
  const { event, fault, key } = letter;
  try {
    await tools.retry(() => deadLetters.send({ event, fault }));
    log('dead-lettered', { ...fields(key), code: fault.code });
  } catch (error) {
    logFault(error, fields(key));
    throw fault;
  }
}
