import { planCopy } from '../../cloud/copy-parts';
import { START } from '../../envelope/look-at';
import { humanBytes } from '../../terminal/human';
import type { Output } from '../../terminal/output';

/** What rewrapping would take. `calls`: by operation of OSS and KMS. */
export type Forecast = {
  envelopes: number;
  calls: Record<string, number>;
  uploadedBytes: number;
  copiedBytes: number;
  /** What the old versions take up from then on. */
  keptBytes: number;
};

/** ReEncrypt calls a second, of the shared gateway, for the whole account (KMS, "Limits"). Dedicated gateways have no ReEncrypt. */
const REENCRYPTS_PER_SECOND = 750;

export function newForecast(): Forecast {
  return { envelopes: 0, calls: {}, uploadedBytes: 0, copiedBytes: 0, keptBytes: 0 };
}

export type Rewrappable = {
  /** Bytes of the envelope. */
  size: number;
  /** It has no other version: whether the newest is on top need not be looked at. */
  isAlone: boolean;
  dropsOld: boolean;
};

/** Adds the calls of one envelope, as they are where nobody else writes it and none has to be made again. */
export function foresee(forecast: Forecast, { size, isAlone, dropsOld }: Rewrappable): void {
  const [first = { from: 0, to: size }, ...rest] = planCopy(size);
  const isWhole = rest.length === 0;
  // Header, first part where it is longer than what came with the header, and the header of the new version.
  add(forecast, 'GetObject', first.to > START ? 3 : 2);
  add(forecast, 'HeadObject', 2);
  add(forecast, 'ReEncrypt', 1);
  // Before and after; where there are other versions, two more, and their headers.
  add(forecast, 'ListObjectVersions', isAlone ? 2 : 4);
  if (!isAlone) add(forecast, 'GetObject', 2);
  if (isWhole) add(forecast, 'PutObject', 1);
  else
    for (const one of ['InitiateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'])
      add(forecast, one, 1);
  if (!isWhole) add(forecast, 'UploadPartCopy', rest.length);
  if (dropsOld) add(forecast, 'DeleteObject', 1);
  forecast.envelopes++;
  forecast.uploadedBytes += first.to;
  forecast.copiedBytes += size - first.to;
  forecast.keptBytes += dropsOld ? 0 : size;
}

function add({ calls }: Forecast, operation: string, times: number): void {
  calls[operation] = (calls[operation] ?? 0) + times;
}

/** Seconds that KMS's quota alone makes it last. */
export function leastSeconds({ envelopes }: Forecast): number {
  return Math.ceil(envelopes / REENCRYPTS_PER_SECOND);
}

export function sayForecast(output: Output, forecast: Forecast): void {
  const { envelopes, calls, uploadedBytes, copiedBytes, keptBytes } = forecast;
  output.say(`would rewrap    ${envelopes} envelopes; nothing was written`);
  for (const [operation, times] of Object.entries(calls)) output.say(`  ${operation.padEnd(24)} ${times}`);
  output.say(`upload          ${humanBytes(uploadedBytes)}, read before`);
  output.say(`copy within OSS ${humanBytes(copiedBytes)}`);
  output.say(`old versions    ${humanBytes(keptBytes)} more to store`);
  const quota = `${REENCRYPTS_PER_SECOND} ReEncrypt calls a second, which the whole account shares`;
  output.say(`time            ${leastSeconds(forecast)} s at least, by the quota of KMS: ${quota}`);
}
