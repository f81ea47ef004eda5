import { randomBytes } from 'node:crypto';

/** A request id as FC 3.0 writes it, `1-64f6cd87-7c2a90b1-0a3f5be2c1d4`; the second part is the time in seconds. */
export function newRequestId(now: number): string {
  const seconds = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0');
  return `1-${seconds}-${randomBytes(4).toString('hex')}-${randomBytes(6).toString('hex')}`;
}
