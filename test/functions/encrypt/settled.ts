import { expect } from 'vitest';
import type { Call } from '../../../infra/local/gateway/hooks';
import { type Bench, eventOf, invoke, opened, put, type Uploaded, versionsOf } from '../../deployment';

/** Runs the encrypt function for one upload, and waits until it has ended. */
export function seal(bench: Bench, uploaded: Uploaded) {
  return invoke(bench, 'oss-envelope-encrypt', eventOf(uploaded));
}

/** Uploads to one key of which nobody is told, in this order. */
export async function putAll(bench: Bench, key: string, contents: string[]): Promise<Uploaded[]> {
  const uploads: Uploaded[] = [];
  for (const content of contents) uploads.push(await put(bench, key, Buffer.from(content)));
  return uploads;
}

/** The newest upload opens, byte for byte, and the inbox has nothing left of the key. */
export async function isSettled(bench: Bench, key: string, newest: Buffer | string): Promise<void> {
  await bench.cloud.idle();
  expect((await opened(bench, key)).equals(Buffer.from(newest))).toBe(true);
  expect(await versionsOf(bench.inbox, key)).toEqual([]);
}

/** Fits the nth such call of the encrypt function from now on; without a bucket those to KMS. */
export function nthCall(operation: string, bucket: string | undefined, nth: number) {
  let seen = 0;
  return (call: Call) =>
    call.operation === operation &&
    call.bucket === bucket &&
    call.principal.includes('oss-envelope-encrypt') &&
    ++seen === nth;
}
