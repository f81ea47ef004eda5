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
