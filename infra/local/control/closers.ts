/** What is to be closed, the first first. */
export type Closers = {
  /** Before all that were added so far. */
  add(...closers: Closer[]): void;
  /** Each once. */
  closeAll(): Promise<void>;
};
type Closer = () => Promise<void>;

export function createClosers(): Closers {
  const closers: Closer[] = [];

  async function closeAll(): Promise<void> {
    for (const close of closers.splice(0)) await close();
  }

  return { add: (...more) => void closers.unshift(...more), closeAll };
}
