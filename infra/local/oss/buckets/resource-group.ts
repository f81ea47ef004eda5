import { createHash } from 'node:crypto';

/** The default resource group of an account; there is no other here. */
export function defaultResourceGroup(accountId: string): string {
  return `rg-acfm${createHash('sha256').update(accountId).digest('hex').slice(0, 11)}`;
}
