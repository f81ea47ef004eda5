import type { Call, InjectedError } from '../../infra/local/gateway/hooks';

type Service = Call['service'];
/**
 * `lost`: the connection, without an answer; `killed`: the processes of the function that calls; `held`: the answer,
 * to be let go like a call.
 */
export type Deed = {
  when: 'before' | 'after';
  do: 'lost' | 'killed' | 'held' | Record<Service, InjectedError>;
};

const unavailable: Record<Service, InjectedError> = {
  oss: { code: 'InternalError' },
  kms: { code: 'InternalFailure', status: 500 },
  fc: { code: 'InternalServerError', status: 500 },
  mns: { code: 'InternalError', status: 500 },
  sts: { code: 'InternalError', status: 500 },
};

const throttled: Record<Service, InjectedError> = {
  oss: { code: 'ServiceUnavailable' },
  kms: { code: 'Rejected.Throttling', status: 400 },
  fc: { code: 'ResourceThrottled', status: 429 },
  mns: { code: 'QpsLimitExceeded', status: 403 },
  sts: { code: 'Throttling', status: 400 },
};

const expired: Record<Service, InjectedError> = {
  oss: { code: 'SecurityTokenExpired', status: 403 },
  kms: { code: 'InvalidSecurityToken.Expired', status: 400 },
  fc: { code: 'InvalidSecurityToken.Expired', status: 403 },
  mns: { code: 'TimeExpired', status: 408 },
  sts: { code: 'InvalidSecurityToken.Expired', status: 400 },
};

const refused: Record<Service, InjectedError> = {
  oss: { code: 'AccessDenied' },
  kms: { code: 'Forbidden.NoPermission', status: 403 },
  fc: { code: 'AccessDenied', status: 403 },
  mns: { code: 'AccessDenied', status: 403 },
  sts: { code: 'NoPermission', status: 403 },
};

/** What may become of a call: before it is applied, or after it was. */
export const FATES = {
  passes: undefined,
  /** After calls that came after it. */
  'comes late': undefined,
  fails: { when: 'before', do: unavailable },
  'is throttled': { when: 'before', do: throttled },
  'answer lost': { when: 'after', do: 'lost' },
  'answer late': { when: 'after', do: 'held' },
  /** The run ends there, the others go on. */
  'run ends before': { when: 'before', do: expired },
  'run ends after': { when: 'after', do: expired },
  'is refused': { when: 'before', do: refused },
  'killed before': { when: 'before', do: 'killed' },
  'killed after': { when: 'after', do: 'killed' },
} as const satisfies Record<string, Deed | undefined>;

export type Fate = keyof typeof FATES;
