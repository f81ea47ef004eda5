import type { Report } from './fc/server';
import type { Hooks } from './gateway/hooks';
import type { Seed } from './seed';

export type CloudOptions = {
  /** Everything the cloud keeps. One cloud at a time uses it. */
  data: string;
  /** path of the bundled fc/runtime.ts */
  runtime: string;
  /** 16 digits; the seed's, or 1234567890123456. */
  accountId?: string;
  /** The seed's, or cn-hangzhou. */
  region?: string;
  /** Real time; what the cloud's clock is moved by comes on top. */
  now?: () => number;
  ports?: {
    oss?: number;
    kms?: number;
    mns?: number;
    sts?: number;
    control?: number;
    fc?: number;
    http?: Record<string, number>;
  };
  /** Whether to start the control API. */
  control?: boolean;
  seed?: Seed;
  /** Whether events raised while nothing is deployed wait for a deployment; default true. */
  keepEvents?: boolean;
  /**
   * Path of a ROS template. With it every role, of a function or a trigger, may do what the template attaches to it and
   * nothing else; without it everything. The account itself may do everything that no bucket policy denies.
   */
  template?: string;
  /** Whether `acs:SecureTransport` is true on loopback, where there is no TLS; default true. */
  loopbackIsSecure?: boolean;
  hooks?: Hooks;
  onReport?: (report: Report) => void;
  retryDelayMs?: number;
  instanceLimit?: number;
};
