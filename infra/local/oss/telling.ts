import type { Answer } from './store/operation';

/** Does it the first time only. */
export function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}

/** The same answer; `tell` is called before its last bytes are out. */
export function telling(answer: Answer, tell: () => void): Answer {
  const { content } = answer;
  if (!content) return answer;
  return { ...answer, content: { ...content, bytes: tellingBytes(content.bytes, tell) } };
}

// A client that has all of the answer must find it in the journal.
async function* tellingBytes(bytes: AsyncIterable<Buffer>, tell: () => void): AsyncGenerator<Buffer> {
  let last: Buffer | undefined;
  for await (const piece of bytes) {
    if (last) yield last;
    last = piece;
  }
  tell();
  if (last) yield last;
}
