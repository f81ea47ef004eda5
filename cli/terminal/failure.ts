import { asFault, detailOf, Fault, type FaultCode, type Said } from '../../functions/fault';
import { causes } from './causes';

/** How a command ends (cli/README.md, "Exit codes"). */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  inPart: 3,
  notOpened: 4,
  notAllowed: 5,
  tryAgain: 6,
  interrupted: 130,
  brokenPipe: 141,
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** What only the command line can fail with: its exit, and what to do about it. */
const failures = {
  'usage-wrong': { exit: EXIT.usage, todo: 'see oss-envelope --help' },
  'config-wrong': { exit: EXIT.usage, todo: 'mend it, or say it with an option (oss-envelope help)' },
  'config-missing': { exit: EXIT.usage, todo: 'check the name' },
  'no-credentials': {
    exit: EXIT.notAllowed,
    todo: 'set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run: aliyun configure',
  },
  'sts-refused': {
    exit: EXIT.notAllowed,
    todo: 'check the credentials: oss-envelope doctor, or aliyun sts GetCallerIdentity',
  },
  'sts-unavailable': { exit: EXIT.tryAgain, todo: 'run the same command again in a while' },
  'host-unknown': {
    exit: EXIT.failed,
    todo: 'check the region and the endpoint (--region, --oss-endpoint and so on), and the DNS of this machine',
  },
  'certificate-refused': {
    exit: EXIT.failed,
    todo: 'see who answers there: a proxy that opens TLS? NODE_EXTRA_CA_CERTS=<file> adds an authority that you trust',
  },
  'too-many-files': {
    exit: EXIT.failed,
    todo: 'raise the limit of open files (ulimit -n 1024), or ask for less at once (--parallel)',
  },
  'no-local-cloud': {
    exit: EXIT.failed,
    todo: 'start one in another shell: npm start in a clone, or oss-envelope cloud',
  },
  'file-missing': { exit: EXIT.failed, todo: 'check the name' },
  'file-unreadable': { exit: EXIT.failed, todo: 'check its permissions, or who you are' },
  'file-unwritable': { exit: EXIT.failed, todo: 'check the folder and its permissions' },
  'file-exists': { exit: EXIT.failed, todo: 'choose another name, or say --force to replace it' },
  'in-use': {
    exit: EXIT.tryAgain,
    todo: 'wait until that has ended, or end it; then run the same command again',
  },
  'file-changed': { exit: EXIT.failed, todo: 'try again when nobody writes to it' },
  'name-too-long': { exit: EXIT.failed, todo: 'choose a shorter name, or a folder with a shorter path' },
  'date-unsupported': {
    exit: EXIT.failed,
    todo: 'give it another: touch FILE',
  },
  'memory-short': {
    exit: EXIT.failed,
    todo: 'raise the limit (ulimit -v, the container), or ask for less at once (--parallel)',
  },
  unforeseen: {
    exit: EXIT.failed,
    todo: 'it is a mistake of this program: report it with its version, the command and the line below',
  },
  'size-differs': { exit: EXIT.failed, todo: 'say its true size, or leave --size out' },
  'disk-full': { exit: EXIT.failed, todo: 'make room, or write elsewhere' },
  'pipe-broken': { exit: EXIT.brokenPipe, todo: 'give it a reader that reads to the end' },
  'input-truncated': { exit: EXIT.notOpened, todo: 'fetch the file again: its end is missing' },
  'format-unknown': {
    exit: EXIT.notOpened,
    todo: 'see oss-envelope inspect, and name the format with --format',
  },
  'format-unsupported': { exit: EXIT.notOpened, todo: 'open it with the program that wrote it' },
  'format-wrong': { exit: EXIT.notOpened, todo: 'see oss-envelope inspect for what the file looks like' },
  'place-differs': {
    exit: EXIT.notOpened,
    todo: 'say which place it was with --place, if that is what you mean',
  },
  unauthenticated: {
    exit: EXIT.notOpened,
    todo: 'say --accept-unauthenticated if you can trust the bytes for another reason',
  },
  'key-differs': {
    exit: EXIT.notOpened,
    todo: 'say --trust-key with the key that it names, if that is one of yours',
  },
  'keys-unknown': { exit: EXIT.notAllowed, todo: 'say --trust-key with the ARN of the key that you trust' },
  'clock-wrong': {
    exit: EXIT.notAllowed,
    todo: 'set the clock of this machine (timedatectl, chronyc makestep)',
  },
  'credentials-refused': {
    exit: EXIT.notAllowed,
    todo: 'check the access key and its secret; where they came with a token, renew all three',
  },
  'not-sealed': {
    exit: EXIT.inPart,
    todo: 'look again later: the sweep takes up what waits; oss-envelope dead-letters list tells what was given up',
  },
  'dead-lettered': {
    exit: EXIT.inPart,
    todo: 'mend the cause, then: oss-envelope dead-letters replay',
  },
  'in-part': { exit: EXIT.inPart, todo: 'look at what is named above, then run the same command again' },
  interrupted: { exit: EXIT.interrupted, todo: 'run the same command again' },
} as const satisfies Record<string, { exit: Exit; todo: string }>;

type FailureCode = keyof typeof failures;

type Circumstances = {
  /** What was left as it was. */
  left?: string | undefined;
  /** Instead of what the code says. */
  todo?: string | undefined;
  /** For whoever looks closer: never key material, a token, a signed URL or content. By default what was said. */
  detail?: string | undefined;
  /** By the service that failed. */
  said?: Said | undefined;
};

/** An end of a command that is not success. `message`: "Cannot <verb> <what>: <why>". */
export class Failure extends Error {
  readonly code: FailureCode | FaultCode;
  readonly exit: Exit;
  readonly todo: string;
  readonly left: string | undefined;
  readonly detail: string | undefined;
  readonly said: Said | undefined;

  constructor(code: FailureCode | FaultCode, message: string, circumstances: Circumstances = {}) {
    const { left, todo, said, detail = said && detailOf(said) } = circumstances;
    super(message);
    const ends = code in failures ? failures[code as FailureCode] : endOf(code as FaultCode);
    this.name = code;
    this.code = code;
    this.exit = ends.exit;
    this.todo = todo ?? ends.todo;
    this.left = left;
    this.detail = detail;
    this.said = said;
  }
}

/** The end by Ctrl-C. */
export function interruption(left?: string): Failure {
  return new Failure('interrupted', 'Cannot finish: interrupted', { left });
}

/**
 * Anything thrown, as the end of a command. `doing`: "<verb> <what>", for errors of the file system. `left`: what was left
 * as it was, unless the failure says so itself.
 */
export function asFailure(
  error: unknown,
  { doing = 'finish', left }: { doing?: string; left?: string } = {},
): Failure {
  if (error instanceof Failure) return left && error.left === undefined ? withLeft(error, left) : error;
  if (error instanceof Fault) {
    const { code, message, detail, said } = error;
    return explained(code, message, { detail, said, left });
  }
  const errno = ERRNO[(error as NodeJS.ErrnoException | undefined)?.code ?? ''];
  if (errno) return new Failure(errno.code, `Cannot ${doing}: ${errno.why}`, { left });
  const { detail } = asFault(error);
  return new Failure('unforeseen', `Cannot ${doing}: nobody foresaw this error`, { detail, left });
}

function withLeft({ code, message, ...rest }: Failure, left: string): Failure {
  return new Failure(code, message, { ...rest, left });
}

const ERRNO: Record<string, { code: FailureCode; why: string }> = {
  ENOENT: { code: 'file-missing', why: 'there is no such file' },
  EACCES: { code: 'file-unreadable', why: 'there is no permission' },
  EPERM: { code: 'file-unreadable', why: 'there is no permission' },
  EISDIR: { code: 'file-unreadable', why: 'it is a directory' },
  EBADF: { code: 'file-unreadable', why: 'it is not open for that' },
  EINVAL: { code: 'file-unreadable', why: 'it is of a kind that has no bytes to read' },
  ELOOP: { code: 'file-unreadable', why: 'its symbolic links lead in a circle' },
  ENAMETOOLONG: { code: 'name-too-long', why: 'its name is longer than the file system takes' },
  EMFILE: { code: 'too-many-files', why: 'this process has too many files open' },
  ENFILE: { code: 'too-many-files', why: 'this machine has too many files open' },
  ENOMEM: { code: 'memory-short', why: 'this machine has no memory left for it' },
  ENOBUFS: { code: 'memory-short', why: 'this machine has no memory left for it' },
  ERR_MEMORY_ALLOCATION_FAILED: { code: 'memory-short', why: 'this machine has no memory left for it' },
  ESTALE: { code: 'file-unreadable', why: 'its file server does not know it any more' },
  ENOTSUP: { code: 'file-unreadable', why: 'its file system cannot do that' },
  ENXIO: { code: 'file-unreadable', why: 'it is no file' },
  ENOTDIR: { code: 'file-missing', why: 'a part of the path is no directory' },
  EROFS: { code: 'file-unwritable', why: 'the file system is read-only' },
  EEXIST: { code: 'file-exists', why: 'it is there already' },
  ENOSPC: { code: 'disk-full', why: 'the disk is full' },
  EDQUOT: { code: 'disk-full', why: 'the disk quota is used up' },
  EIO: { code: 'file-unreadable', why: 'its device fails' },
  EFBIG: { code: 'disk-full', why: 'the file system holds no file so large' },
  EPIPE: { code: 'pipe-broken', why: 'the reader of the pipe has ended' },
};

/** Whether a service refused for want of a permission. */
export function lacksPermission(error: unknown): boolean {
  const { code = '' } = asFailure(error).said ?? {};
  return /^(Forbidden\.NoPermission|AccessDenied|Forbidden\.RAM|NoPermission)\b/.test(code);
}

/** For `catch`: a service that refused for want of a permission is told of with the permission to ask for. */
export function refusedWithout(permission: string, on: string): (error: unknown) => never {
  return (error) => {
    if (!lacksPermission(error)) throw error;
    const { code, message, detail, said } = asFailure(error);
    const todo = `have ${permission} on ${on} given to this identity`;
    throw new Failure(code, message, { detail, said, todo });
  };
}

/** A failure of a service, told by what it has answered, or by why it has not. */
export function explained(
  code: FailureCode | FaultCode,
  message: string,
  circumstances: Circumstances,
): Failure {
  const { said } = circumstances;
  const cause = said && causes.find(({ of, called }) => of.test(code) && called.test(said.code));
  if (!cause) return new Failure(code, message, circumstances);
  const { why, todo, code: better = code } = cause;
  const sentence = why === undefined ? message : `Cannot ${said.doing}: ${why}`;
  return new Failure(better, sentence, { ...circumstances, ...(todo && { todo }) });
}

/** The functions' codes: what they mean to whoever sits at a terminal. */
function endOf(code: FaultCode): { exit: Exit; todo: string } {
  if (code === 'cannot-open') {
    return {
      exit: EXIT.notOpened,
      todo: 'nothing of it can be trusted: fetch it again, or look for an older version',
    };
  }
  if (code === 'metadata-unsupported') {
    const todo = 'leave it out or write it otherwise; an envelope that has it comes with get --direct';
    return { exit: EXIT.failed, todo };
  }
  if (code === 'credentials-expired') {
    return { exit: EXIT.notAllowed, todo: 'renew the token and run the same command again' };
  }
  if (code === 'proxy-refused' || code === 'proxy-unavailable') {
    const todo = 'check HTTPS_PROXY (http://user:password@host:port) and NO_PROXY';
    return { exit: code === 'proxy-refused' ? EXIT.notAllowed : EXIT.tryAgain, todo };
  }
  if (/-refused$/.test(code)) {
    return { exit: EXIT.notAllowed, todo: 'oss-envelope doctor tells what this identity may and may not' };
  }
  if (code === 'config-invalid') return { exit: EXIT.usage, todo: 'mend it, or say it with an option' };
  const { remedy } = new Fault(code, '');
  if (remedy !== 'final') return { exit: EXIT.tryAgain, todo: 'run the same command again in a while' };
  const page = OF_UPLOADS.test(code)
    ? 'infra/operating.md, "Dead letters"'
    : 'functions/decrypt/README.md, "Error codes"';
  return { exit: EXIT.failed, todo: `${page}, tells what this code means` };
}

/** What keeps an upload from being sealed, in the table of dead letters. */
const OF_UPLOADS = /^(event-invalid|cannot-seal|too-large|key-unsupported|source-\w+|\w+-unversioned)$/;
