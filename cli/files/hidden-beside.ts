import { basename, dirname, join } from 'node:path';

/** Bytes of a file's own name in one beside it: file systems take names of 255, and what follows has its part of them. */
const OWN = 180;

/** `.<name>.`, beside a file, to be continued; of a long name its beginning, in whole characters. */
export function hiddenBeside(path: string): string {
  const own = Buffer.from(basename(path)).subarray(0, OWN);
  return join(
    dirname(path),
    `.${new TextDecoder('utf-8', { ignoreBOM: true }).decode(own, { stream: true })}.`,
  );
}
