import { createHash } from 'node:crypto';
import type { Keys } from '../cloud/keys';
import type { EncryptionContext, WrappedKey } from '../envelope/envelope';

/** `cached`: KMS was not asked; `kmsRequestId` is the one under which it was. */
export type OpenedKey = { dataKey: Buffer; kmsRequestId: string; cached: boolean };

/** What an opening needs of KMS. The caller wipes the data key. */
export type DataKeys = {
  unwrap(wrappedKey: WrappedKey, context: EncryptionContext): Promise<OpenedKey>;
};

type Entry = Pick<OpenedKey, 'dataKey' | 'kmsRequestId'> & { expires: number; timer: NodeJS.Timeout };

const ENTRIES_MAX = 16;

/**
 * Keeps opened data keys for some seconds, 16 at most, and wipes each when its time is over or another takes its place.
 * Function Compute freezes an instance between requests: a key may then stay until the next, and is not used any more.
 */
export function createKeyCache(now: () => number) {
  const entries = new Map<string, Entry>();
  function wipe(name: string): void {
    const entry = entries.get(name);
    clearTimeout(entry?.timer);
    entry?.dataKey.fill(0);
    entries.delete(name);
  }
  function keep(name: string, key: Pick<Entry, 'dataKey' | 'kmsRequestId'>, seconds: number): void {
    wipe(name);
    const [oldest] = entries.keys();
    if (oldest !== undefined && entries.size >= ENTRIES_MAX) wipe(oldest);
    const timer = setTimeout(() => wipe(name), seconds * 1000).unref();
    const dataKey = Buffer.from(key.dataKey);
    entries.set(name, { ...key, dataKey, expires: now() + seconds * 1000, timer });
  }
  function take(name: string): OpenedKey | undefined {
    for (const [other, { expires }] of entries) if (expires <= now()) wipe(other);
    const entry = entries.get(name);
    return entry && { dataKey: Buffer.from(entry.dataKey), kmsRequestId: entry.kmsRequestId, cached: true };
  }
  return {
    /** `seconds`: 0 is no cache. */
    over: (keys: Keys, seconds: number): DataKeys => ({
      async unwrap(wrappedKey, context) {
        const name = nameOf(wrappedKey, context);
        const kept = seconds > 0 ? take(name) : undefined;
        if (kept) return kept;
        const opened = await keys.unwrap(wrappedKey, context);
        if (seconds > 0) keep(name, opened, seconds);
        return { ...opened, cached: false };
      },
    }),
  };
}

function nameOf({ keyArn, ciphertextBlob }: WrappedKey, { facts }: EncryptionContext): string {
  return createHash('sha256')
    .update(JSON.stringify([keyArn, ciphertextBlob, facts]))
    .digest('hex');
}

/** Of this instance: with the counter of openings all that lives longer than a request. */
export const keyCache = createKeyCache(() => Date.now());
