import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** An answer. The length of a whole body, also of an empty one, is told unless `headers` tell one; `release` is called once it is out. */
export type Reply = {
  status: number;
  headers: Record<string, string>;
  body?: Buffer | AsyncIterable<Buffer> | undefined;
  /** The error's. */
  code?: string | undefined;
  /** Of OSS: the version that it names. */
  versionId?: string | undefined;
  release?: (() => Promise<void>) | undefined;
};

export type Sending = {
  /** Bytes of the body after which the connection is lost; a body that has no more is written whole. */
  cutBodyAt: number | undefined;
  /** Called before the last bytes are out: a client that has all of the answer finds it in the journal. */
  beforeLast(): void;
};

/** Writes an answer; resolves when its last byte is handed over, rejects when the client went away. */
export async function send(response: ServerResponse, reply: Reply, sending: Sending): Promise<void> {
  const { status, headers, body } = reply;
  const length = Buffer.isBuffer(body) && status !== 204 && status !== 304 ? body.length : undefined;
  if (length !== undefined) response.setHeader('content-length', length);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(status);
  const isHead = response.req.method === 'HEAD';
  if (isHead || !body || (Buffer.isBuffer(body) && sending.cutBodyAt === undefined)) {
    sending.beforeLast();
    return void response.end(isHead ? undefined : body);
  }
  const pieces = withNotice(Buffer.isBuffer(body) ? [body] : body, sending.beforeLast);
  if (sending.cutBodyAt === undefined) return pipeline(pieces, response);
  await writeCut(response, pieces, sending.cutBodyAt);
}

async function* withNotice(
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  beforeLast: () => void,
): AsyncGenerator<Buffer> {
  let last: Buffer | undefined;
  for await (const piece of pieces) {
    if (last) yield last;
    last = piece;
  }
  beforeLast();
  if (last) yield last;
}

async function writeCut(
  response: ServerResponse,
  pieces: AsyncIterable<Buffer>,
  bytes: number,
): Promise<void> {
  let left = bytes;
  for await (const piece of pieces) {
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
