import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { inspectCommand } from './inspect';

/** In the order of help. */
export function commands(): CommandUnknownOpts[] {
  return [inspectCommand()];
}
