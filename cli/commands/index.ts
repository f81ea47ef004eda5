import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { backfillCommand } from './backfill';
import { deadLettersCommand } from './dead-letters';
import { doctorCommand } from './doctor';
import { getCommand } from './get';
import { importCommand } from './import';
import { inspectCommand } from './inspect';
import { kmsDecryptCommand } from './kms-decrypt';
import { kmsEncryptCommand } from './kms-encrypt';
import { openCommand } from './open';
import { putCommand } from './put';
import { reconcileCommand } from './reconcile';
import { rewrapCommand } from './rewrap';
import { sealCommand } from './seal';
import { verifyCommand } from './verify';

/** In the order of help. */
export function commands(): CommandUnknownOpts[] {
  return [
    sealCommand(),
    openCommand(),
    verifyCommand(),
    inspectCommand(),
    kmsEncryptCommand(),
    kmsDecryptCommand(),
    rewrapCommand(),
    doctorCommand(),
    getCommand(),
    putCommand(),
    backfillCommand(),
    deadLettersCommand(),
    reconcileCommand(),
    importCommand(),
  ];
}
