/** Eight at a time. */
export async function inParallel<T>(
  items: T[],
  work: (item: T) => Promise<unknown> | undefined,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}
