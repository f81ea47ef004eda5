/**
 * `retry`: the same call may succeed in a moment; `slow-down`: after a longer moment; `redeliver`: not this run, but a
 * later one may; `final`: it fails until somebody mends the cause.
 */
export type Remedy = 'retry' | 'slow-down' | 'redeliver' | 'final';

const faults = {
  'config-invalid': { status: 500, remedy: 'redeliver' },
  'event-invalid': { status: 400, remedy: 'final' },
  'request-invalid': { status: 400, remedy: 'final' },
  'route-unknown': { status: 404, remedy: 'final' },
  'envelope-missing': { status: 404, remedy: 'final' },
  'cannot-open': { status: 422, remedy: 'final' },
  'download-unknown': { status: 404, remedy: 'final' },
  'claims-refused': { status: 403, remedy: 'final' },
  'key-not-served': { status: 403, remedy: 'final' },
  'inline-refused': { status: 403, remedy: 'final' },
  'id-taken': { status: 409, remedy: 'final' },
  'range-unsatisfiable': { status: 416, remedy: 'final' },
  'too-many-requests': { status: 429, remedy: 'final' },
  'inbox-unversioned': { status: 409, remedy: 'final' },
  'vault-unversioned': { status: 409, remedy: 'final' },
  'cannot-seal': { status: 422, remedy: 'final' },
  'key-unsupported': { status: 422, remedy: 'final' },
  'metadata-unsupported': { status: 422, remedy: 'final' },
  'source-appendable': { status: 422, remedy: 'final' },
  'source-symlink': { status: 422, remedy: 'final' },
  'source-archived': { status: 422, remedy: 'final' },
  'too-large': { status: 413, remedy: 'final' },
  'source-changed': { status: 409, remedy: 'redeliver' },
  'stored-differs': { status: 502, remedy: 'retry' },
  'time-limit': { status: 503, remedy: 'redeliver' },
  'credentials-expired': { status: 503, remedy: 'redeliver' },
  'oss-unavailable': { status: 503, remedy: 'retry' },
  'oss-throttled': { status: 503, remedy: 'slow-down' },
  'oss-refused': { status: 502, remedy: 'final' },
  'kms-unavailable': { status: 503, remedy: 'retry' },
  'kms-throttled': { status: 503, remedy: 'slow-down' },
  'kms-refused': { status: 502, remedy: 'final' },
  'mns-unavailable': { status: 503, remedy: 'retry' },
  'mns-throttled': { status: 503, remedy: 'slow-down' },
  'mns-refused': { status: 502, remedy: 'redeliver' },
  'proxy-unavailable': { status: 503, remedy: 'retry' },
  'proxy-refused': { status: 502, remedy: 'redeliver' },
  'fc-unavailable': { status: 503, remedy: 'slow-down' },
  'fc-refused': { status: 502, remedy: 'final' },
  internal: { status: 500, remedy: 'redeliver' },
} as const satisfies Record<string, { status: number; remedy: Remedy }>;

export type FaultCode = keyof typeof faults;

/** What a service answered, or why it did not. */
export type Said = {
  /** What was asked: "<verb> <what>". */
  doing: string;
  /** Of HTTP; undefined where no answer came. */
  status?: number | undefined;
  /** What the service, Node or OpenSSL calls it. */
  code: string;
  /** A request id, a host. */
  more?: string | undefined;
};

/**
 * The one error of the product. `message` is fit for anyone ("Cannot <verb> <what>: <why>");
 * `detail` is for the log only. Neither ever holds key material, tokens, signed URLs or content.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly detail: string | undefined;
  readonly said: Said | undefined;

  constructor(code: FaultCode, message: string, detail?: string | Said) {
    super(message);
    // Function Compute reports the name as the error's type.
    this.name = code;
    // And tells the caller its frames, which are others for each check.
    this.stack = `${code}: ${message}`;
    this.code = code;
    this.said = typeof detail === 'object' ? detail : undefined;
    this.detail = typeof detail === 'object' ? detailOf(detail) : detail;
  }

  /** HTTP status of the answer that reports this fault. */
  get status(): number {
    return faults[this.code].status;
  }

  get remedy(): Remedy {
    return faults[this.code].remedy;
  }
}

export function detailOf({ status, code, more }: Said): string {
  return [status, code, more].filter(Boolean).join(' ');
}

/** The same fault, with more in its detail. */
export function withMore(fault: Fault, more: string): Fault {
  const { code, message, detail, said } = fault;
  return Object.assign(new Fault(code, message, [detail, more].filter(Boolean).join('; ')), { said });
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

/** A function and a place in a file; the message, which comes before, may have lines of its own. */
const FRAME = /^ {4}at ((?:[\w.<>[\] ]+ \()?(?:node:|file:|\/)[^\s()]+:\d+:\d+\)?)$/m;

function firstFrame({ stack = '' }: Error): string {
  return FRAME.exec(stack)?.[1] ?? 'unknown';
}
