// First of all: what it sets holds for everything that the functions are compared with.
import '../../functions/memory';
import { randomBytes } from 'node:crypto';
import { type Codec, POOL } from './codec/codec';
import { CONTESTANTS, sealedPiece } from './codec/contestants';

/** One contestant in a process of its own: told `seal` or `open` it does so once, and answers with its CPU seconds. */
async function main(name: string): Promise<void> {
  const contestant = CONTESTANTS.find((one) => one.name === name);
  if (!contestant) throw new Error(`Cannot measure ${name}: it is no contestant`);
  const codec = await contestant.codec();
  const plaintext = randomBytes(POOL);
  const sealed = await collect(codec.seal(pieces(plaintext, contestant.piece)));
  const runs = {
    seal: () => count(codec.seal(pieces(plaintext, contestant.piece))),
    open: () => count(codec.open(pieces(sealed, sealedPiece(contestant)))),
  };
  if ((await runs.open()) !== POOL) throw new Error(`Cannot measure ${name}: it opens something else`);
  process.on('disconnect', () => process.exit());
  process.on('message', async (run: keyof Codec) => {
    const before = process.cpuUsage();
    for (let pool = 0; pool < contestant.pools; pool++) await runs[run]();
    const { user, system } = process.cpuUsage(before);
    process.send?.({ bytes: contestant.pools * POOL, cpuSeconds: (user + system) / 1e6 });
  });
  process.send?.('ready');
}

async function* pieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function count(stream: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const piece of stream) bytes += piece.length;
  return bytes;
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of stream) all.push(piece);
  return Buffer.concat(all);
}

void main(process.argv[2] ?? '');
