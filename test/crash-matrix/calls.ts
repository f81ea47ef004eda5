import type { Call } from '../../infra/local/gateway/hooks';

/** What a call and a journal entry have in common. */
type Named = { service: string; operation: string; bucket?: string; partNumber?: number };

/** Calls that leave everything as it was: there is no difference between before and after. */
const READS = /^(List|Get|Head|Generate)/;

/** Names the calls of one story in their order: `oss GetObject inbox`, the second such `oss GetObject inbox (2)`. */
export function createNames(): (call: Named) => string {
  const seen = new Map<string, number>();
  return ({ service, operation, bucket, partNumber }) => {
    const place = bucket === undefined ? '' : ` ${bucket.replace('oss-envelope-', '')}`;
    const part = partNumber === undefined ? '' : ` part ${partNumber}`;
    const name = `${service} ${operation}${place}${part}`;
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return nth === 1 ? name : `${name} (${nth})`;
  };
}

/** What createNames wants to know of a call. */
export function nameOfCall({ query, ...call }: Call): Named {
  const { partNumber } = query;
  return { ...call, ...(partNumber !== undefined && { partNumber: Number(partNumber) }) };
}

/** Whether the call of that name only reads. */
export function isRead(name: string): boolean {
  return READS.test(name.split(' ')[1] ?? '');
}

/** Whether the call is made by the function with that role. */
export function isBy(principal: string, role: string): boolean {
  return principal.includes(`:assumed-role/${role}/`);
}
