import { compareKeys } from '../store/versions';

/**
 * Keys one after the other as lists have them. Whoever asks for the first thousand of many does not wait until all are
 * sorted: the keys are made a heap, which takes so many steps as there are keys, and a few for each that is taken.
 */
export function* inOrder(keys: Iterable<string>): Generator<string> {
  const heap = [...keys];
  for (let root = (heap.length >> 1) - 1; root >= 0; root--) sink(heap, root);
  for (let first = heap[0]; first !== undefined; first = heap[0]) {
    yield first;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    sink(heap, 0);
  }
}

/** Moves a key down until none below it comes before it. */
function sink(heap: string[], from: number): void {
  const key = heap[from] ?? '';
  let at = from;
  for (let child = firstChild(heap, at); child < heap.length; child = firstChild(heap, at)) {
    const below = heap[child] ?? '';
    if (compareKeys(key, below) <= 0) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = key;
}

/** Of the two below a key the one that comes first. */
function firstChild(heap: string[], at: number): number {
  const [left, right] = [2 * at + 1, 2 * at + 2];
  if (right >= heap.length) return left;
  return compareKeys(heap[right] ?? '', heap[left] ?? '') < 0 ? right : left;
}
