import type { ServerResponse } from 'node:http';

/** Writes a body's first bytes and loses the connection; a body that has no more than these is written whole. */
export async function cutBody(
  response: ServerResponse,
  body: AsyncIterable<Buffer> | Iterable<Buffer>,
  bytes: number,
): Promise<void> {
  let left = bytes;
  for await (const piece of body) {
    await written(response, piece.subarray(0, left));
    if (piece.length > left) return void response.destroy();
    left -= piece.length;
  }
  response.end();
}

// Handed to the system: what is destroyed after that arrives still.
function written(response: ServerResponse, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    response.write(piece, (error) => (error ? reject(error) : resolve()));
  });
}
