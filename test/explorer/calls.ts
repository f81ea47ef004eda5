import type { Call } from '../../infra/local/gateway/hooks';

/** Whether a call changes what an owner can read. */
export function isChange({ operation }: Call): boolean {
  return ['PutObject', 'CompleteMultipartUpload', 'CopyObject', 'DeleteObject'].includes(operation);
}

/**
 * The function that makes a call, where it is one that is watched. Function Compute's own messages to a dead-letter
 * queue go by no wire, and have no headers.
 */
export function functionOf({ principal, headers }: Call): string | undefined {
  if (Object.keys(headers).length === 0) return undefined;
  return /:assumed-role\/(oss-envelope-(?:encrypt|sweep))\//.exec(principal)?.[1];
}

export function isAsync({ headers }: Call): boolean {
  return headers['x-fc-invocation-type'] === 'Async';
}

/** A call in a line. */
export function told({ service, operation, bucket, key, functionName, query }: Call): string {
  const place = bucket && `${bucket.replace('oss-envelope-', '')}/${key || (query.prefix ?? '')}`;
  const version = query.versionId && `version ${query.versionId.slice(0, 12)}`;
  return [service, operation, place, version, functionName].filter(Boolean).join(' ');
}

/** What a function's log line says became of an upload. */
export function outcomeOf(line: string): string {
  if (!line.startsWith('{')) return line;
  const { outcome, code } = JSON.parse(line) as { outcome: string; code?: string };
  return code ? `${outcome} (${code})` : outcome;
}
