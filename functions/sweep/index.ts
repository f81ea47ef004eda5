import '../silence/process';
import { fcClient } from '../cloud/fc-client';
import { type Functions, fcOf, functionsAt } from '../cloud/functions';
import { inboxIn } from '../cloud/inbox';
import { leftoversIn } from '../cloud/leftovers';
import { uploadEvent } from '../cloud/upload-event';
import { type SweepConfig, sweepConfig } from '../config';
import type { Context } from '../context';
import { asFault } from '../fault';
import { log, logFault, onlyFaults } from '../log';
import { beginRun, type Run } from '../run';
import { type Order, readOrder, writeOrder } from './orders';
import { type InboxCounts, type SweepInboxTools, sweepInbox } from './sweep-inbox';

/** FC initializer: an instance that is configured wrongly never takes an event. */
export async function initialize(): Promise<void> {
  sweepConfig(process.env);
}

/** `isComplete`: the end of the inbox was reached; else a run of its own goes on from there, or this one failed. */
export type Swept = InboxCounts & {
  abortedUploads: number;
  expiredDownloads: number;
  isComplete: boolean;
};

/** A page of the inbox takes seconds at most; a run that has used this share of its time hands on to the next. */
const SHARE = 0.5;

/**
 * FC event handler of the timer trigger; an operator may invoke it, too (see readOrder). What fails does not keep the
 * rest from being swept; the first failure is thrown at the end.
 */
export function handler(event: Buffer, context: Context): Promise<Swept> {
  return onlyFaults(context.requestId, () => sweepAll(beginSweep(context), event));
}

async function sweepAll(run: Sweeping, event: Buffer): Promise<Swept> {
  try {
    const swept = await sweep(readOrder(event, new Date()), run);
    log('swept', { ...run.fields(), ...swept });
    if (run.failures[0]) throw run.failures[0];
    return swept;
  } catch (error) {
    if (!run.failures.includes(error)) logFault(error, run.fields());
    throw asFault(error);
  }
}

type Sweeping = Pick<Run, 'bucket' | 'fields'> & {
  context: Context;
  config: SweepConfig;
  functions: Functions;
  /** Whether it should hand on to a run of its own. */
  isOver(): boolean;
  /** What failed, logged; the sweep went on. */
  failures: unknown[];
  fail(error: unknown, key?: string): void;
};

function beginSweep(context: Context): Sweeping {
  const config = sweepConfig(process.env);
  const { bucket, service, fields } = beginRun(context, config);
  const over = performance.now() + context.function.timeout * 1000 * SHARE;
  const failures: unknown[] = [];
  return {
    context,
    config,
    bucket,
    functions: functionsAt(fcOf(service(fcClient(context, config.fcEndpoint)))),
    isOver: () => performance.now() > over,
    failures,
    fail(error, key) {
      logFault(error, fields(key));
      failures.push(error);
    },
    fields,
  };
}

async function sweep(order: Order, run: Sweeping): Promise<Swept> {
  const counts = { ...order.counts };
  const isComplete = await sweepUploads(order, run, counts).catch((error) => {
    run.fail(error);
    return false;
  });
  const leftovers =
    order.after === undefined ? await sweepLeftovers(run) : { abortedUploads: 0, expiredDownloads: 0 };
  return { ...counts, ...leftovers, isComplete };
}

/** Whether it came to the end of the inbox; else the rest has been handed on. */
async function sweepUploads(order: Order, run: Sweeping, counts: InboxCounts): Promise<boolean> {
  const { context, functions } = run;
  const after = await sweepInbox(inboxTools(order, run), counts, order.after);
  if (after === undefined) return true;
  const rest = writeOrder({ ...order, after, counts });
  await functions.invokeLater(context.function.name, rest);
  return false;
}

function inboxTools({ at, all }: Order, run: Sweeping): SweepInboxTools {
  const { context, config, bucket, functions, isOver, fail, fields } = run;
  const inbox = inboxIn(bucket(config.inboxBucket));
  const { region, accountId } = context;
  const announcing = { bucket: inbox.bucket, region, accountId, by: 'sweep' };
  return {
    inbox,
    redrive: (version) => functions.invokeLater(config.encryptFunction, uploadEvent(version, announcing)),
    onFailure: fail,
    grace: config.graceSeconds,
    interval: all ? undefined : config.intervalSeconds,
    redriveLimit: config.redriveLimit,
    withdrawnSeconds: config.withdrawnSeconds,
    onRemoved: ({ key, versionId, eTag, size }, { lastModified: deletedAt }) =>
      log('withdrawn', { ...fields(key), versionId, eTag, bytes: size, deletedAt }),
    isOver,
    at,
  };
}

async function sweepLeftovers(run: Sweeping) {
  const { vaultBucket, downloadsBucket, staleUploadSeconds, downloadSeconds } = run.config;
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
  const [stale, expired] = [ago(staleUploadSeconds), ago(downloadSeconds)];
  const vault = leftoversIn(run.bucket(vaultBucket));
  const downloads = leftoversIn(run.bucket(downloadsBucket));
  const count = (done: Promise<number>) =>
    done.catch((error) => {
      run.fail(error);
      return 0;
    });
  return {
    expiredDownloads: await count(downloads.deleteObjects(expired)),
    abortedUploads: (await count(vault.abortUploads(stale))) + (await count(downloads.abortUploads(stale))),
  };
}
