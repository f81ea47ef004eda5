import type { Call, Effect, InjectedError } from '../../infra/local/gateway/hooks';

/** What can befall a call; the columns of the matrix. */
export type Kind = keyof typeof KINDS;

type Errors = Record<Call['service'], InjectedError>;

/** `isFinal`: it may be taken for what another try cannot mend. */
type KindFacts = { isFinal?: true } & ({ error: Errors } | { when: 'before' | 'after'; kills: boolean });

const KINDS = {
  /** Once, before it is applied. */
  fails: {
    error: {
      oss: { code: 'InternalError', status: 500 },
      kms: { code: 'InternalFailure', status: 500 },
      mns: { code: 'InternalError', status: 500 },
      fc: { code: 'InternalServerError', status: 500 },
      sts: { code: 'InternalError', status: 500 },
    },
  },
  throttled: {
    error: {
      oss: { code: 'ServiceUnavailable', status: 503 },
      kms: { code: 'Rejected.Throttling', status: 429 },
      mns: { code: 'QpsLimitExceeded', status: 403 },
      fc: { code: 'ResourceThrottled', status: 429 },
      sts: { code: 'Throttling', status: 400 },
    },
  },
  'token expired': {
    error: {
      oss: { code: 'SecurityTokenExpired', status: 403 },
      kms: { code: 'InvalidSecurityToken.Expired', status: 403 },
      mns: { code: 'InvalidSecurityToken', status: 403 },
      fc: { code: 'InvalidSecurityToken', status: 403 },
      sts: { code: 'InvalidSecurityToken.Expired', status: 400 },
    },
  },
  refused: {
    isFinal: true,
    error: {
      oss: { code: 'AccessDenied', status: 403 },
      kms: { code: 'Forbidden.NoPermission', status: 403 },
      mns: { code: 'AccessDenied', status: 403 },
      fc: { code: 'AccessDenied', status: 403 },
      sts: { code: 'NoPermission', status: 403 },
    },
  },
  /** It has been applied. */
  'answer lost': { when: 'after', kills: false },
  /** It has not been applied. */
  'killed before': { when: 'before', kills: true },
  /** It has been applied. */
  'killed after': { when: 'after', kills: true },
} as const satisfies Record<string, KindFacts>;

export const ALL_KINDS = Object.keys(KINDS) as Kind[];
export type Phase = 'before' | 'after';

function factsOf(kind: Kind): KindFacts {
  return KINDS[kind];
}

/** Whether it may end in a dead letter. */
export function isFinal(kind: Kind): boolean {
  return factsOf(kind).isFinal ?? false;
}

export function isKill(kind: Kind): boolean {
  const facts = factsOf(kind);
  return 'kills' in facts && facts.kills;
}

/** Those that happen before, or after, the call is applied. */
export function kindsIn(kinds: Kind[] = [], phase: Phase): Kind[] {
  return kinds.filter((kind) => phaseOf(kind) === phase);
}

/** For a call that only reads there is no after. */
export function isWorth(kind: Kind, { isRead }: { isRead: boolean }): boolean {
  return phaseOf(kind) === 'before' || !isRead;
}

function phaseOf(kind: Kind): Phase {
  const facts = factsOf(kind);
  return 'error' in facts ? 'before' : facts.when;
}

/** What comes of it for the call; throws where that is no answer. */
export function effectOf(kind: Kind, { service }: Call): Effect {
  const facts = factsOf(kind);
  if ('error' in facts) return { error: facts.error[service] };
  throw new Error('The connection is lost');
}
