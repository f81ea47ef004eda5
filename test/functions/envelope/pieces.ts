/** All that a stream yields, as one buffer. */
export async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** A stream of `bytes`, cut into pieces of the given lengths, which are used in turn. */
export async function* cut(bytes: Buffer, lengths: number[] = [65_536]): AsyncGenerator<Buffer> {
  let from = 0;
  for (let turn = 0; from < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    yield bytes.subarray(from, from + length);
    from += length;
  }
}

/** `size` bytes that a program in any language makes again: byte i is (31 i + 7) mod 256. */
export function ruled(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let index = 0; index < size; index++) bytes[index] = (index * 31 + 7) & 255;
  return bytes;
}
