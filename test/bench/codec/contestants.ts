import { SEALED_CHUNK } from '../../../functions/envelope/layout';
import type { Contestant } from './codec';

const KiB = 1024;
const MiB = 1024 * KiB;
/** What a socket gives at once. */
const SOCKET = 64 * KiB;

export const RAW_64 = 'node:crypto, 64 KiB';
export const RAW_1024 = 'node:crypto, 1 MiB';
export const PER_CHUNK = 'node:crypto, per chunk';
export const OWN = 'oss-envelope';

/** In the order of the table. Each loads what it needs when its process begins. */
export const CONTESTANTS: Contestant[] = [
  {
    ...{ name: RAW_64, about: 'one AES-256-GCM cipher, updates of 64 KiB', piece: SOCKET, pools: 16 },
    codec: async () => (await import('./raw')).oneCipher(),
  },
  {
    ...{ name: RAW_1024, about: 'one AES-256-GCM cipher, updates of 1 MiB', piece: MiB, pools: 16 },
    codec: async () => (await import('./raw')).oneCipher(),
  },
  {
    ...{ name: PER_CHUNK, about: 'a cipher for each 16 KiB, as the format asks', piece: SOCKET, pools: 16 },
    codec: async () => (await import('./raw')).cipherPerChunk(),
  },
  {
    ...{ name: OWN, about: 'the codec of the functions', piece: SOCKET, pools: 16 },
    codec: async () => (await import('./own')).ownCodec(),
  },
  {
    ...{ name: 'AWS Encryption SDK', about: 'frames of 4 KiB, its default', piece: SOCKET, pools: 2 },
    codec: async () => (await import('./aws')).awsCodec(),
  },
  {
    ...{ name: 'AWS Encryption SDK, 1 MiB', about: 'frames of 1 MiB', piece: SOCKET, pools: 8 },
    codec: async () => (await import('./aws')).awsCodec(MiB),
  },
  {
    ...{ name: 'age-encryption', about: 'ChaCha20-Poly1305, 64 KiB', piece: SOCKET, pools: 1 },
    codec: async () => (await import('./age')).ageCodec(),
  },
  {
    ...{ name: 'openpgp', about: 'AES-256-GCM by WebCrypto', piece: SOCKET, pools: 2 },
    codec: async () => (await import('./openpgp')).openpgpCodec(),
  },
];

/** How the sealed bytes are cut for opening: whole chunks for who needs them, else as a socket gives them. */
export function sealedPiece({ name, piece }: Contestant): number {
  return name === PER_CHUNK ? 4 * SEALED_CHUNK : piece;
}
