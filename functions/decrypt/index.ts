import '../memory';
import '../silence/process';
import { openDownloadStates } from '../cloud/download-states';
import { openDownloads } from '../cloud/downloads';
import { openKeys } from '../cloud/keys';
import { kmsClient } from '../cloud/kms-client';
import { ossClient } from '../cloud/oss-client';
import { openVault } from '../cloud/vault';
import { type DecryptConfig, decryptConfig } from '../config';
import { type Context, timeLimit } from '../context';
import type { Fault } from '../fault';
import { onlyFaults } from '../log';
import { openRetry } from '../transfer/retry';
import { openAudit } from './audit';
import { withCors } from './cors';
import { type Caller, type HttpResponse, problemResponse, readCall } from './http';
import { keyCache } from './key-cache';
import { countOpening } from './openings';
import type { Ready } from './ready';
import { answer, answerPayload, type Tools } from './routes';
import { checkClaims, checkServed, claimOf } from './served';

/** FC initializer: an instance that is configured wrongly never takes a request. */
export async function initialize(): Promise<void> {
  decryptConfig(process.env);
}

/** FC handler: of requests in the shape of HTTP (answers every failure as a problem), and of bare payloads (throws it). */
export async function handler(event: Buffer, context: Context): Promise<HttpResponse | Ready> {
  const { requestId } = context;
  const { caller, request, payload } = readCall(event, requestId);
  const config = decryptConfig(process.env);
  const run = <T>(work: (tools: Tools) => Promise<T>) =>
    onlyFaults(requestId, () => openRun(context, caller, config).run(work));
  if (!request) return run((tools) => answerPayload(tools, payload));
  return withCors(config.allowedOrigins, caller, request, () =>
    run((tools) => answer(tools, request, payload)).catch((fault: Fault) =>
      problemResponse(fault, requestId),
    ),
  );
}

function openRun(context: Context, caller: Caller, config: DecryptConfig) {
  const started = performance.now();
  let retries = 0;
  const audit = openAudit(
    () => ({
      requestId: context.requestId,
      ...callerFields(config, caller),
      ms: Math.round(performance.now() - started),
      retries,
    }),
    config.logKeys,
  );
  const retry = openRetry(timeLimit(context), () => retries++);
  const tools: Tools = {
    ...cloudTools(config, context),
    ...config,
    keyArns: config.kmsKeyArns,
    retry,
    lastRetry: openRetry(new AbortController().signal, () => retries++),
    timeout: context.function.timeout,
    note: audit.note,
    checkKey: (key) => checkServed(config.keyPrefixes, key),
    countOpening: () => countOpening(config.openingsPerMinute),
    now: () => new Date(),
  };
  return {
    run: <T>(work: (tools: Tools) => Promise<T>) =>
      audit.run(() => {
        checkClaims(config.requiredClaims, caller.headers);
        return work(tools);
      }),
  };
}

function cloudTools(config: DecryptConfig, context: Context) {
  const { ossEndpoint: endpoint, vaultBucket, downloadsBucket, downloadsUrl } = config;
  const clientOf = (bucket: string) => ossClient(context, { endpoint, bucket });
  const own = { endpoint: downloadsUrl, bucket: downloadsBucket, addressing: 'own-domain' } as const;
  const keys = openKeys(kmsClient(context, config.kmsEndpoint), context);
  return {
    vault: openVault(clientOf(vaultBucket), clientOf(vaultBucket), vaultBucket),
    downloads: openDownloads(
      clientOf(downloadsBucket),
      clientOf(downloadsBucket),
      ossClient(context, own),
      downloadsBucket,
    ),
    states: openDownloadStates(clientOf(downloadsBucket)),
    keys: keyCache.over(keys, config.keyCacheSeconds),
  };
}

/** As the trigger tells who called: of himself anyone may say anything. */
function callerFields({ requiredClaims }: DecryptConfig, caller: Caller) {
  const { isTold, headers, sourceIp, userAgent } = caller;
  if (!isTold) return {};
  const claims = Object.keys(requiredClaims).map((name) => [name, claimOf(headers, name)?.slice(0, 200)]);
  return { sourceIp, userAgent: userAgent?.slice(0, 200), ...Object.fromEntries(claims) };
}
