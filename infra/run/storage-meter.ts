import type { Call, Hooks } from '../local/gateway/hooks';

/** Watches what the local cloud stores, for progress bars. */
export type StorageMeter = {
  hooks: Hooks;
  /** Calls `moved` with the bytes of each object or part stored in a bucket, while `action` runs. */
  during<T>(bucket: string, moved: (bytes: number) => void, action: () => Promise<T>): Promise<T>;
};

export function storageMeter(): StorageMeter {
  let watched: { bucket: string; moved: (bytes: number) => void } | undefined;
  return {
    hooks: {
      after({ operation, bucket, headers }: Call) {
        const stores = operation === 'UploadPart' || operation === 'PutObject';
        if (stores && bucket === watched?.bucket) watched?.moved(Number(headers['content-length'] ?? 0));
      },
    },
    async during(bucket, moved, action) {
      watched = { bucket, moved };
      try {
        return await action();
      } finally {
        watched = undefined;
      }
    },
  };
}
