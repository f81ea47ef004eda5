import { createHash } from 'node:crypto';
import type { Operation } from './operation';

/** Whoever has a key may ask (docs: "GetCallerIdentity"); it takes no parameters. */
export const getCallerIdentity: Operation = ({ accountId, arn }) => {
  const [, session] = /:assumed-role\/[^/]+\/(.+)$/.exec(arn) ?? [];
  if (session !== undefined) {
    const roleId = idOf(arn.slice(0, -session.length));
    const PrincipalId = `${roleId}:${session}`;
    return { IdentityType: 'AssumedRoleUser', AccountId: accountId, PrincipalId, RoleId: roleId, Arn: arn };
  }
  const isUser = arn.includes(':user/');
  const UserId = isUser ? idOf(arn) : accountId;
  const IdentityType = isUser ? 'RAMUser' : 'Account';
  return { IdentityType, AccountId: accountId, PrincipalId: UserId, UserId, Arn: arn };
};

/** RAM's ids have 18 digits; the same name has the same one here, also after a restart. */
function idOf(arn: string): string {
  const digits = createHash('sha256').update(arn).digest().readBigUInt64BE() % 10n ** 17n;
  return `3${String(digits).padStart(17, '0')}`;
}
