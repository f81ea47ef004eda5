const faults = {
  'config-invalid': { status: 500, retry: false },
  'event-invalid': { status: 400, retry: false },
  'request-invalid': { status: 400, retry: false },
  'route-unknown': { status: 404, retry: false },
  'envelope-missing': { status: 404, retry: false },
  'cannot-open': { status: 422, retry: false },
  'inbox-unversioned': { status: 409, retry: false },
  'vault-unversioned': { status: 409, retry: false },
  'cannot-seal': { status: 422, retry: false },
  'key-unsupported': { status: 422, retry: false },
  'too-large': { status: 413, retry: false },
  'source-changed': { status: 409, retry: true },
  'stored-differs': { status: 502, retry: true },
  'oss-unavailable': { status: 503, retry: true },
  'oss-refused': { status: 502, retry: false },
  'kms-unavailable': { status: 503, retry: true },
  'kms-throttled': { status: 503, retry: true },
  'kms-refused': { status: 502, retry: false },
  internal: { status: 500, retry: false },
} as const;

export type FaultCode = keyof typeof faults;

/**
 * The one error of the product. `message` is fit for anyone ("Cannot <verb> <what>: <why>");
 * `detail` is for the log only. Neither ever holds key material, tokens, signed URLs or content.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly detail: string | undefined;

  constructor(code: FaultCode, message: string, detail?: string) {
    super(message);
    this.name = 'Fault';
    this.code = code;
    this.detail = detail;
  }

  /** HTTP status of the answer that reports this fault. */
  get status(): number {
    return faults[this.code].status;
  }

  /** Whether the same call may succeed later. */
  get retry(): boolean {
    return faults[this.code].retry;
  }
}

/** Every failed opening looks like this from outside; `check` says in the log which check failed. */
export function cannotOpen(check: string): Fault {
  return new Fault('cannot-open', 'Cannot open the envelope', check);
}

/** What is not a Fault was not foreseen: its name goes to the log, its message (which may quote a signed URL) nowhere. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const detail = error instanceof Error ? `${error.name} at ${firstFrame(error)}` : typeof error;
  return new Fault('internal', 'Cannot finish: an unforeseen error, see the log', detail);
}

function firstFrame(error: Error): string {
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at '));
  return frames?.[0]?.trim().slice(3) ?? 'unknown';
}
