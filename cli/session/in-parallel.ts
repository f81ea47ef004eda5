/** Works on items as they come, `limit` at a time. After a failure nothing new is begun, and all that was begun has ended. */
export async function inParallel<T>(
  items: AsyncGenerator<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let failed = false;
  async function worker(): Promise<void> {
    try {
      while (!failed) {
        const { value, done } = await items.next();
        if (done) return;
        await work(value);
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: limit }, worker));
  const failure = ended.find((end) => end.status === 'rejected');
  if (failure) throw failure.reason;
}

/** Results in the order of the items, `limit` at work. A failure is heard in its turn; then nothing new is begun. */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const window: Promise<R>[] = [];
  for await (const item of items) {
    const result = work(item);
    // It is heard when its turn comes.
    result.catch(() => {});
    const first = window.push(result) >= limit ? window.shift() : undefined;
    if (first) yield await first;
  }
  for (const result of window) yield await result;
}
