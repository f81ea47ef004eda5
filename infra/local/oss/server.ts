import type { Hooks } from '../gateway/hooks';
import type { Authorize } from '../ram/authorize';
import type { AccessKeys } from '../ram/credentials';
import { runLifecycle } from './buckets/lifecycle';
import { type SeededBucket, seedBuckets } from './buckets/seed-buckets';
import { handle } from './handle';
import { createListeners } from './listeners';
import type { Service } from './perform';
import type { OssEvent } from './store/event';
import { createStore } from './store/store';

export type OssOptions = {
  /** A folder of its own; bucket b lives in `<data>/<b>` and nowhere else. */
  data: string;
  accessKeys: AccessKeys;
  accountId: string;
  /** Without `oss-`, for example cn-hangzhou. */
  region: string;
  /** Milliseconds since 1970. */
  now: () => number;
  /** The cloud's time at a client's time (ms), for signatures of clients whose clock nobody moved. */
  clientTime?: (time: number, resolution?: number) => number;
  /** Any free one unless given. */
  port?: number;
  /** Whether a new bucket refuses public ACLs and policies, as OSS does since October 2025; true unless given. */
  blockPublicAccess?: boolean;
  /** Whether a bucket (the empty name: the account) takes signatures of V1, as old ones do; none unless given. */
  allowV1?: (bucket: string) => boolean;
  hooks?: Hooks;
  /** What each caller may do; everything where absent. */
  authorize?: Authorize;
  /** Whether `acs:SecureTransport` is true here, where there is no TLS; true unless given. */
  loopbackIsSecure?: boolean;
  /** After how many milliseconds a connection on which nothing moves is given up; 120000 unless given. */
  silenceLimit?: number;
  /** Made at the start where they are missing. */
  buckets?: SeededBucket[];
  /** Awaited before the answer is sent: what it made durable was so before the client heard of its success. */
  onEvent?: (event: OssEvent) => void | Promise<void>;
};

export type Oss = {
  port: number;
  /** `http://localhost:<port>` */
  endpoint: string;
  /**
   * A custom domain (CNAME) of one bucket: a listener of its own, whose every path is a key of that bucket.
   * Returns `http://127.0.0.1:<port>`.
   */
  bindDomain(bucket: string, port?: number): Promise<string>;
  /** Does now what the lifecycle rules ask for by `now()`. */
  tick(): Promise<void>;
  /** Closes listeners and connections, and waits for what was being applied. */
  close(): Promise<void>;
};

/** Starts the Object Storage Service on 127.0.0.1. */
export async function startOss(options: OssOptions): Promise<Oss> {
  const { accessKeys, accountId, region, now, hooks = {}, onEvent = () => {} } = options;
  const { blockPublicAccess = true } = options;
  const store = await createStore(options.data);
  await seedBuckets(store, options.buckets ?? [], { now, blockPublicAccess });
  const service: Service = {
    store,
    accessKeys,
    accountId,
    region,
    now,
    hooks,
    onEvent,
    blockPublicAccess,
    authorize: options.authorize,
    loopbackIsSecure: options.loopbackIsSecure ?? true,
    allowV1: options.allowV1 ?? (() => false),
    ...(options.clientTime && { clientTime: options.clientTime }),
    host: () => `localhost:${port}`,
  };
  const listeners = createListeners((incoming) => handle(service, incoming), options.silenceLimit);
  const port = await listeners.listen(options.port ?? 0);

  async function bindDomain(bucket: string, domainPort = 0): Promise<string> {
    return `http://127.0.0.1:${await listeners.listen(domainPort, bucket)}`;
  }

  let ticking: Promise<void> = Promise.resolve();
  function tick(): Promise<void> {
    const run = () => runLifecycle(service);
    ticking = ticking.then(run, run);
    return ticking;
  }

  async function close(): Promise<void> {
    await listeners.close();
    await ticking.catch(() => {});
  }

  return { port, endpoint: `http://localhost:${port}`, bindDomain, tick, close };
}
