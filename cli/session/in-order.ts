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
