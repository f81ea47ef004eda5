import '../memory';
import '../silence/process';
import { utf8 } from '../characters';
import { type DeadLetters, deadLettersIn } from '../cloud/dead-letters';
import { inboxIn } from '../cloud/inbox';
import { mnsOf } from '../cloud/mns-call';
import { hangUp } from '../cloud/oss-client';
import { vaultIn } from '../cloud/vault';
import { encryptConfig } from '../config';
import type { Context } from '../context';
import { asFault, Fault } from '../fault';
import { log, logFault, onlyFaults } from '../log';
import { beginRun, type Run } from '../run';
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
  return onlyFaults(context.requestId, () => sealAll(beginSealing(context), event));
}

async function sealAll(run: Sealing, event: Buffer): Promise<Counts> {
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

type Sealing = Pick<Run, 'fields'> & { tools: SealTools; deadLetters: DeadLetters };

function beginSealing(context: Context): Sealing {
  const config = encryptConfig(process.env);
  const { limit, bucket, keys, service, fields } = beginRun(context, config);
  limit.addEventListener('abort', hangUp, { once: true });
  const now = () => new Date();
  const place = { endpoint: config.mnsEndpoint, now };
  const mns = mnsOf(service({ identity: context, place }));
  return {
    tools: {
      ...config,
      inbox: inboxIn(bucket(config.inboxBucket)),
      vault: vaultIn(bucket(config.vaultBucket)),
      keys: keys(config.kmsEndpoint),
      keyId: config.kmsKeyId,
      keyArns: config.kmsKeyArns,
      now,
    },
    deadLetters: deadLettersIn(config.deadLetterQueue, mns, context),
    fields,
  };
}

/** Undefined where the event is not one: it has gone to the dead-letter queue. */
async function uploadsOf(run: Sealing, event: Buffer): Promise<Upload[] | undefined> {
  try {
    return readUploads(event);
  } catch (error) {
    logFault(error, run.fields());
    await bury(run, { event: utf8(event) ?? '', fault: asFault(error) });
    return undefined;
  }
}

async function sealLogged({ tools, fields }: Sealing, upload: Upload): Promise<string | Fault> {
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

async function bury({ deadLetters, fields }: Sealing, letter: { event: string; fault: Fault; key?: string }) {
  const { event, fault, key } = letter;
  try {
    await deadLetters.send({ event, fault });
    log('dead-lettered', { ...fields(key), code: fault.code });
  } catch (error) {
    logFault(error, fields(key));
    throw fault;
  }
}
