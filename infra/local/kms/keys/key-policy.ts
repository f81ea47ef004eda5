import { type AccessRequest, type Decision, roleArn } from '../../ram/authorize';
import { fitsWildcard } from '../../ram/wildcard';
import { invalidParameter } from '../wire/errors';
import { json } from '../wire/typed-parameters';

const MAX_BYTES = 32_768;
const SID = /^[A-Za-z0-9 _/+=.@-]{0,128}$/;

/**
 * Checks the form of a key policy (docs: "SetKeyPolicy"): Version "1", statements with Effect, Principal, kms:
 * actions and the one resource `*`. Throws InvalidParameter.
 */
export function checkPolicy(text: string): void {
  if (Buffer.byteLength(text) > MAX_BYTES) throw invalidParameter('Policy');
  const policy = json('Policy', text);
  if (!isRecord(policy) || policy.Version !== '1') throw invalidParameter('Policy');
  const statements = policy.Statement;
  if (!Array.isArray(statements) || statements.length === 0 || !statements.every(isStatement)) {
    throw invalidParameter('Policy');
  }
}

/** The policy that every key begins with: the account decides, by RAM. */
export function defaultPolicy(accountId: string): string {
  const Principal = { RAM: [`acs:ram::${accountId}:*`] };
  const Statement = { Action: ['kms:*'], Effect: 'Allow', Principal, Resource: ['*'] };
  return JSON.stringify({ Statement: [{ ...Statement, Sid: 'kms default key policy' }], Version: '1' });
}

type KeyStatement = { Effect: string; Principal: { RAM: string | string[] }; Action: string | string[] };

/** `acs:ram::<account>:*` and `:root`: the account, which hands its permissions on by RAM. */
const ACCOUNT = /^acs:ram::\d+:(\*|root)$/;

/**
 * What a key's own policy says to an action of a principal: within one account a key policy and RAM are worth the same
 * (docs: "Overview of key policies"). Whom it names as `acs:ram::<account>:*` it leaves to RAM, as the default policy
 * does: otherwise no user would need a permission.
 */
export function decideByKey(policy: string | undefined, { principal, action }: Asked): Decision {
  if (policy === undefined) return 'implicit';
  const { Statement } = JSON.parse(policy) as { Statement: KeyStatement[] };
  const about = Statement.filter((statement) => isAbout(statement, { principal, action }));
  if (about.some(({ Effect }) => Effect === 'Deny')) return 'explicit';
  return about.some((statement) => namesMoreThanAccount(statement, principal)) ? 'allowed' : 'implicit';
}

type Asked = Pick<AccessRequest, 'principal' | 'action'>;

function isAbout({ Principal, Action }: KeyStatement, { principal, action }: Asked): boolean {
  const names = texts(Principal.RAM).some((pattern) => isNamed(pattern, principal));
  return names && texts(Action).some((pattern) => fitsWildcard(pattern.toLowerCase(), action.toLowerCase()));
}

function namesMoreThanAccount({ Principal }: KeyStatement, principal: string): boolean {
  return texts(Principal.RAM).some((pattern) => !ACCOUNT.test(pattern) && isNamed(pattern, principal));
}

// A role's session goes by the role's name too.
function isNamed(pattern: string, principal: string): boolean {
  return [principal, roleArn(principal)].some((name) => fitsWildcard(pattern, name));
}

function isStatement(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { Sid = '', Effect, Principal, Action, Resource } = value;
  return (
    typeof Sid === 'string' &&
    SID.test(Sid) &&
    (Effect === 'Allow' || Effect === 'Deny') &&
    isRecord(Principal) &&
    texts(Principal.RAM).length > 0 &&
    isEvery(Action, (action) => action.startsWith('kms:')) &&
    isEvery(Resource, (resource) => resource === '*')
  );
}

function isEvery(value: unknown, fits: (text: string) => boolean): boolean {
  const all = texts(value);
  return all.length > 0 && all.every(fits);
}

/** One text or a list of texts; anything else is none. */
function texts(value: unknown): string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.every((text) => typeof text === 'string') ? (all as string[]) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
