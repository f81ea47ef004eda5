import type { Declared } from '../../../infra/declared/deployment';
import type { Session } from '../../session/session';
import { asFailure } from '../../terminal/failure';

/** What a line is about, in the order in which one explains the next. */
export type Subject =
  | 'configuration'
  | 'services'
  | 'identity'
  | 'key'
  | 'buckets'
  | 'functions'
  | 'permissions'
  | 'backlog';

/** One line of the report. `cannot-tell`: it could not be looked at. `todo`: a command, or a place in a console. */
export type Finding = { state: 'ok' | 'finding' | 'cannot-tell'; says: string; todo?: string };

/** Looks at one thing and changes nothing. `needs`: the permissions that its calls take, for whoever lacks them. */
export type Check<P> = {
  subject: Subject;
  /** What is looked at, for the line that says that it could not be. */
  looksAt: string;
  needs?: string;
  run(patient: P): Promise<Finding[]>;
};

/** A deployment and who looks at it, once it is known who. */
export type Patient = {
  session: Session;
  accountId: string;
  declared: Declared;
  /** By the clock of OSS, ms. */
  now(): number;
  /** How many envelopes of the vault are looked at. */
  sample: number;
  /** Whether the whole inbox is listed, and not its first thousand. */
  isDeep: boolean;
};

export const ok = (says: string): Finding => ({ state: 'ok', says });
export const finding = (says: string, todo: string): Finding => ({ state: 'finding', says, todo });
export const cannotTell = (says: string, todo: string): Finding => ({ state: 'cannot-tell', says, todo });

/** What a check found; what it throws is what could not be told. */
export async function examine<P>({ looksAt, needs, run }: Check<P>, patient: P): Promise<Finding[]> {
  try {
    return await run(patient);
  } catch (error) {
    return [untold(error, { looksAt, needs })];
  }
}

function untold(
  error: unknown,
  { looksAt, needs = '' }: { looksAt: string; needs: string | undefined },
): Finding {
  if (isDenied(error)) {
    const todo = 'ask somebody who has it to look, or have it allowed';
    return cannotTell(`${looksAt}: ${needs || 'a permission'} is missing`, todo);
  }
  const { message, detail, todo } = asFailure(error);
  return cannotTell(`${looksAt}: ${message}${detail ? ` (${detail})` : ''}`, todo);
}

/** Not for a signature, a clock or a key that nobody knows, which answer with 403 as well. */
export function isDenied(error: unknown): boolean {
  const { status, code = '' } = asFailure(error).said ?? {};
  if (/NoPermission|AccessDenied/.test(code)) return true;
  return status === 403 && !/Signature|Skew|AccessKey|Token|Disable/.test(code);
}

/** The value of a promise, or undefined where the service says that there is no such thing (404). */
export async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    const { status, code = '' } = asFailure(error).said ?? {};
    if (status === 404 && !/AccessKey/.test(code)) return undefined;
    throw error;
  });
}
