import { createRetry, type Service } from './cloud/calls';
import { type Keys, keysAt } from './cloud/keys';
import { ossClient } from './cloud/oss-client';
import { type Bucket, bucketOf } from './cloud/oss-fault';
import { type Context, timeLimit } from './context';
import { loggedKey } from './log';
import type { LogKeys } from './variable-checks';

type RunConfig = { ossEndpoint: string; logKeys: LogKeys };

/** One run of a function: whom it asks, as long as its time lasts, and what its lines in the log say. */
export type Run = {
  /** Aborts when the time is over. */
  limit: AbortSignal;
  bucket(name: string): Bucket;
  /** One that is asked when the time is over, too. */
  lastBucket(name: string): Bucket;
  keys(endpoint: string): Keys;
  service<Client>(client: Client): Service<Client>;
  /** `key`: what the line is about. */
  fields(key?: string): { requestId: string; ms: number; retries: number; key?: string };
};

export function beginRun(context: Context, { ossEndpoint: endpoint, logKeys }: RunConfig): Run {
  const started = performance.now();
  let retries = 0;
  const until = (limit: AbortSignal) => createRetry(limit, () => retries++);
  const limit = timeLimit(context);
  const retry = until(limit);
  const bucketBy = (by: typeof retry) => (bucket: string) =>
    bucketOf(bucket, { client: async () => ossClient(context, { endpoint, bucket }), retry: by });
  return {
    limit,
    bucket: bucketBy(retry),
    lastBucket: bucketBy(until(new AbortController().signal)),
    keys: (endpoint) => keysAt({ ...context, identity: async () => context, endpoint, retry }),
    service: (client) => ({ client: async () => client, retry }),
    fields: (key) => ({
      ...(key !== undefined && { key: loggedKey(key, logKeys) }),
      requestId: context.requestId,
      ms: Math.round(performance.now() - started),
      retries,
    }),
  };
}
