import type { Failure } from './failure';

const OF_ALL =
  /^(no-credentials|credentials-|certificate-|host-|clock-|sts-|too-many-|no-local-cloud|pipe-|vault-unversioned|interrupted)/;

/** Whether what keeps one item of many from being done keeps every other from it, too: it is about who asks, or the vault. */
export function concernsAll({ code }: Pick<Failure, 'code'>): boolean {
  return OF_ALL.test(code);
}
