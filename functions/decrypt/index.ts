import '../memory';
import '../silence/process';
import { downloadStatesIn } from '../cloud/download-states';
import { downloadsIn } from '../cloud/downloads';
import { ossClient } from '../cloud/oss-client';
import { vaultIn } from '../cloud/vault';
import { type DecryptConfig, decryptConfig } from '../config';
import type { Context } from '../context';
import type { Fault } from '../fault';
import { onlyFaults } from '../log';
import { beginRun, type Run } from '../run';
import { createAudit } from './audit';
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
    onlyFaults(requestId, () => beginRequest(context, caller, config)(work));
  if (!request) return run((tools) => answerPayload(tools, payload));
  return withCors(config.allowedOrigins, caller, request, () =>
    run((tools) => answer(tools, request, payload)).catch((fault: Fault) =>
      problemResponse(fault, requestId),
    ),
  );
}

function beginRequest(context: Context, caller: Caller, config: DecryptConfig) {
  const run = beginRun(context, config);
  const audit = createAudit(() => ({ ...run.fields(), ...callerFields(config, caller) }), config.logKeys);
  const tools: Tools = {
    ...cloudTools(config, context, run),
    ...config,
    keyArns: config.kmsKeyArns,
    timeout: context.function.timeout,
    note: audit.note,
    checkKey: (key) => checkServed(config.keyPrefixes, key),
    countOpening: () => countOpening(config.openingsPerMinute),
    now: () => new Date(),
  };
  return <T>(work: (tools: Tools) => Promise<T>) =>
    audit.run(() => {
      checkClaims(config.requiredClaims, caller.headers);
      return work(tools);
    });
}

function cloudTools(config: DecryptConfig, context: Context, { bucket, lastBucket, keys }: Run) {
  const { vaultBucket, downloadsBucket, downloadsUrl } = config;
  const own = { endpoint: downloadsUrl, bucket: downloadsBucket, addressing: 'own-domain' } as const;
  return {
    vault: vaultIn(bucket(vaultBucket)),
    downloads: downloadsIn(bucket(downloadsBucket), ossClient(context, own)),
    states: downloadStatesIn(bucket(downloadsBucket)),
    lastStates: downloadStatesIn(lastBucket(downloadsBucket)),
    keys: keyCache.over(keys(config.kmsEndpoint), config.keyCacheSeconds),
  };
}

/** As the trigger tells who called: of himself anyone may say anything. */
function callerFields({ requiredClaims }: DecryptConfig, caller: Caller) {
  const { isTold, headers, sourceIp, userAgent } = caller;
  if (!isTold) return {};
  const claims = Object.keys(requiredClaims).map((name) => [name, claimOf(headers, name)?.slice(0, 200)]);
  return { sourceIp, userAgent: userAgent?.slice(0, 200), ...Object.fromEntries(claims) };
}
