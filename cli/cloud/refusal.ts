import { checkKey } from '../../functions/cloud/oss-fault';
import type { Version } from '../../functions/cloud/versions';
import { Fault, type FaultCode } from '../../functions/fault';

/** What this deployment takes. `archived`: the operator says that what lies in an archive has been restored. */
export type Accepting = { appendable: boolean; archived: boolean };

/** The code with which the encrypt function will refuse this version, as far as a listing tells; undefined: it will not. */
export function refusalOf(
  { key, type, storageClass }: Pick<Version, 'key' | 'type' | 'storageClass'>,
  { appendable, archived }: Accepting,
): FaultCode | undefined {
  if (isUnsupported(key)) return 'key-unsupported';
  if (type === 'Symlink') return 'source-symlink';
  if (type === 'Appendable' && !appendable) return 'source-appendable';
  if (storageClass.endsWith('Archive') && !archived) return 'source-archived';
  return undefined;
}

function isUnsupported(key: string): boolean {
  try {
    checkKey(key);
    return false;
  } catch (error) {
    if (error instanceof Fault) return true;
    throw error;
  }
}
